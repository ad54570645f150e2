export { createOutbound, type OutboundService } from './outbound.js'
