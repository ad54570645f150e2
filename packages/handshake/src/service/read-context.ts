import { actorOf, openForAgent } from './access.js'
import type { Caller } from './caller.js'
import type { HandshakeDeps } from './deps.js'
import { handlerFor } from './modes/index.js'
import { HandshakeSession } from './session.js'
import { type HandshakeState, secondsLeft } from './state.js'

/** The answer as JSON text, and the head of the stream it reflects. */
export type ContextText = { text: string; head: number }

/** Reads the state of a handshake as an agent sees it (contract 3.2). */
export async function readContext(deps: HandshakeDeps, caller: Caller, id: string): Promise<ContextText> {
  const state = await openForAgent(deps, caller, id, { route: 'context', rate: 'agent', isForPage: true })
  deps.audit.note(id, 'context.read', actorOf(state, caller))
  return { text: contextText(deps, state), head: state.head }
}

/**
 * The body of `GET context`. Built-in modes are turned into text once a version; only the seconds left
 * are filled in for each reader.
 */
function contextText(deps: HandshakeDeps, state: HandshakeState): string {
  const { row } = state
  const handler = handlerFor(row.handler, deps.handlers)
  if (!deps.cacheable.has(handler)) return JSON.stringify(answer())
  if (state.contextText?.version !== row.version) {
    const { expiresIn: _expiresIn, ...rest } = answer()
    // Without the closing brace: the seconds follow.
    state.contextText = { version: row.version, text: JSON.stringify(rest).slice(0, -1) }
  }
  return `${state.contextText.text},"expiresIn":${secondsLeft(row, deps.ground.clock.micros())}}`

  function answer(): Record<string, unknown> {
    const session = new HandshakeSession(deps, state, {
      identity: { kind: 'agent', id: 'agent' },
      remote: '',
    })
    return handler.contextResponse(session)
  }
}
