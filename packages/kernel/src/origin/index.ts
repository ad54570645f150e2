export { isHostAllowed, isOriginAllowed } from './origin.js'
