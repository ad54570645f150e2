import { createHandshake, type Handshake } from './create.js'
import type { HandshakeEngine } from './engine.js'
import type { HandshakeOptions } from './service/options.js'

type Registering = Pick<Handshake, 'onCreateSession' | 'onAction' | 'onDone' | 'onExtend' | 'onAudit'>

/** The engine on its own: operations and hooks, no doors (contract 17.2). `stop` ends its sweep and its own ground. */
export type StandaloneEngine = HandshakeEngine & Registering & Pick<Handshake, 'ready' | 'stop'>

/** Makes an engine for a framework that no adapter covers. */
export function createHandshakeEngine(options: HandshakeOptions = {}): StandaloneEngine {
  const handshake = createHandshake(options)
  const { engine, ready, stop, onCreateSession, onAction, onDone, onExtend, onAudit } = handshake
  return { ...engine, ready, stop, onCreateSession, onAction, onDone, onExtend, onAudit }
}
