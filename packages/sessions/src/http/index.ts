export { createSessionsApp, type SessionsApp } from './app.js'
export { wireErrorResponse } from './wire.js'
