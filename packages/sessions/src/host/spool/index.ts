export type { SpoolRecord } from './record.js'
export { openSpool, type Spool, type SpoolOptions, type SpoolReader } from './spool.js'
