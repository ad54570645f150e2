export { isHostAllowed, isOriginAllowed, ownOrigins } from './origin.js'
export { type FromPage, type Grant, grantTo, mayAct, type OriginOptions } from './pages.js'
