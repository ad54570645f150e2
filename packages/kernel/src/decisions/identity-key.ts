import type { Identity } from '../principal/index.js'

/** `<kind>:<id>`: how `mayAnswer` names somebody. */
export const identityKey = ({ kind, id }: Pick<Identity, 'kind' | 'id'>): string => `${kind}:${id}`
