export { createSocketHub, type SocketHub } from './hub.js'
