export { createManagement, type Management } from './management.js'
