export { createInbound, type Inbound } from './inbound.js'
export type { InboundParts } from './parts.js'
