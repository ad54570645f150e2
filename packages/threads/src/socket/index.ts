export { createThreadsSockets, type ThreadsSockets } from './sockets.js'
