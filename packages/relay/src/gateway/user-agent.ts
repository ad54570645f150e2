import { contractVersion } from '../version.js'

/** Some networks refuse requests that do not say what they come from. */
export const userAgent = `parley-relay/${contractVersion}`
