/** Of the whole plane. */
export type SessionsSettings = { autoApprovePermissions: boolean }

/** Of one session. */
export type SessionSettings = { autoApprovePermissions: boolean }
