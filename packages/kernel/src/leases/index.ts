export { createLeases, freeLeftLeases, type LeasesOptions } from './leases.js'
export type { Lease, Leases } from './port.js'
