export { createAgentTerminals } from './agent-terminals.js'
export { createRuntimeTerminals } from './runtime-terminals.js'
