export type { Brand, EventId, Micros, NodeId, StreamId } from './brand.js'
export { type Clock, type Stop, sleepWith, systemClock } from './clock.js'
export { type Ids, idsFrom, systemIds } from './ids.js'
