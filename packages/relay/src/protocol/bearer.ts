/** The token of `Authorization: Bearer …`; undefined when there is none. */
export function bearerOf(authorization: string | null | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization?.trim() ?? '')?.[1]
}
