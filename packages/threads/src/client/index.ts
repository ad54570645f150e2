export { createThreadsClient } from './create.js'
export { ThreadsClientError } from './threads-client-error.js'
export type * from './types.js'
