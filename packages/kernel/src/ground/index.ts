export { openGround } from './open-ground.js'
export type { Ground, GroundOptions } from './port.js'
