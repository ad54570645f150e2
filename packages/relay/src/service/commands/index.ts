export { createCommands } from './commands.js'
