export { createRelaySockets, type RelaySockets } from './relay-sockets.js'
