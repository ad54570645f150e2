export { type MemoryBusHub, type MemoryBusOptions, memoryBus, memoryBusHub } from './memory-bus.js'
export type { Bus, Head } from './port.js'
export { type PostgresBusOptions, postgresBus } from './postgres/postgres-bus.js'
export { type RedisBusOptions, redisBus } from './redis/redis-bus.js'
