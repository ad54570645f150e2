export { addressBlock, normalizeAddress } from './address.js'
export { type SlidingLog, type SlidingLogOptions, slidingLog, type Verdict } from './sliding-log.js'
