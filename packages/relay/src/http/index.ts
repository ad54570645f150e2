export { createRelayApp, type RelayApp } from './app.js'
export { wireErrorResponse } from './wire.js'
