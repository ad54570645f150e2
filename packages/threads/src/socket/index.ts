export { socketIoBroadcaster } from './socket-io-broadcaster.js'
export { createThreadsSockets, type ThreadsSockets } from './sockets.js'
