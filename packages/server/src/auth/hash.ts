import { createHash } from 'node:crypto'

/** SHA-256 in base64url. Credentials are 192 random bits or more, so a slow hash would add nothing. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('base64url')
