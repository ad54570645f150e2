/** The token of `Authorization: Bearer …`. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S{1,1000})$/i.exec(authorization ?? '')?.[1]
}
