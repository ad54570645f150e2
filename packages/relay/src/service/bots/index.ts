export { type BotAdmin, createBotAdmin } from './admin.js'
export { openBots } from './bots.js'
export { loadCursor, saveCursor } from './cursors.js'
export { edgeOf } from './edge.js'
