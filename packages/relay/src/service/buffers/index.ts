export { createBuffers } from './buffers.js'
