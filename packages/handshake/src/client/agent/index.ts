export { type ParsedPrompt, PromptError, parsePrompt } from '../../protocol/prompt/parse.js'
export { HandshakeError, type HandshakeFailure } from '../handshake-error.js'
export { type AgentOptions, HandshakeAgent } from './handshake-agent.js'
