/** Numbers of the sessions of a host; sizes in bytes, times in milliseconds. */
export type SessionLimits = {
  sessions: number
  promptBytes: number
  queuedPrompts: number
  openPermissions: number
  setupMs: number
  /** From the start of the agent until its session is there. */
  handshakeMs: number
  /** How long an agent may take to end a cancelled turn before that is reported. */
  cancelMs: number
  /** Between SIGTERM and SIGKILL. */
  graceMs: number
  /** How often an agent is started again in `resumeWindowMs`. */
  resumes: number
  resumeWindowMs: number
}

export const sessionLimits: SessionLimits = {
  sessions: 256,
  promptBytes: 512 * 1024,
  queuedPrompts: 50,
  openPermissions: 64,
  setupMs: 5 * 60_000,
  handshakeMs: 60_000,
  cancelMs: 30_000,
  graceMs: 2_000,
  resumes: 3,
  resumeWindowMs: 10 * 60_000,
}
