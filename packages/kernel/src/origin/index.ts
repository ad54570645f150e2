export { isHostAllowed, isOriginAllowed, ownOrigins } from './origin.js'
