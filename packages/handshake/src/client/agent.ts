export {
  type AgentOptions,
  HandshakeAgent,
  HandshakeError,
  type HandshakeFailure,
  type ParsedPrompt,
  PromptError,
  parsePrompt,
} from './agent/index.js'
