import { hash } from 'node:crypto'

/** How secrets that others send us are kept: hex of SHA-256. They are random, so they need no salt. */
export const hashSecret = (secret: string): string => hash('sha256', secret, 'hex')
