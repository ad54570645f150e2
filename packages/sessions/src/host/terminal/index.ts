export {
  type AgentTerminalsOptions,
  type AgentTerminalsRoom,
  createAgentTerminals,
} from './agent-terminals.js'
export { endSession, type ProcessSession, processSession } from './end-session.js'
export { terminalEnvironment } from './environment.js'
export { createRuntimeTerminals, type RuntimeTerminalsOptions } from './runtime-terminals.js'
