export { createVault } from './vault.js'
