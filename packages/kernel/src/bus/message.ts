import type { NodeId, StreamId } from '../ids/index.js'
import type { Head } from './port.js'

/** What travels between nodes, whatever carries it. */
export type BusMessage =
  | { kind: 'moved'; heads: readonly Head[] }
  | { kind: 'signal'; stream: StreamId; payload: string }
  /** The sender lost hints on their way. */
  | { kind: 'gap' }
  | { kind: 'ask'; id: string; topic: string; message: string }
  | { kind: 'answer'; id: string; ok: boolean; text: string }

/** Its text: an array whose first item is a letter for the kind. */
export function encodeMessage(message: BusMessage): string {
  switch (message.kind) {
    case 'moved':
      return JSON.stringify(['m', ...message.heads.flatMap(({ stream, seq }) => [stream, seq])])
    case 'signal':
      return JSON.stringify(['s', message.stream, message.payload])
    case 'gap':
      return '["g"]'
    case 'ask':
      return JSON.stringify(['q', message.id, message.topic, message.message])
    case 'answer':
      return JSON.stringify(['a', message.id, message.ok ? 1 : 0, message.text])
  }
}

/** A message from outside; undefined for anything that is not one. */
export function decodeMessage(value: unknown): BusMessage | undefined {
  if (!Array.isArray(value)) return undefined
  const [kind, a, b, c] = value as unknown[]
  if (kind === 'm') return decodeMoved(value.slice(1))
  if (kind === 'g') return { kind: 'gap' }
  if (typeof a !== 'string') return undefined
  if (kind === 's' && typeof b === 'string') return { kind: 'signal', stream: a, payload: b }
  if (typeof c !== 'string') return undefined
  if (kind === 'q' && typeof b === 'string') return { kind: 'ask', id: a, topic: b, message: c }
  if (kind === 'a') return { kind: 'answer', id: a, ok: b === 1, text: c }
  return undefined
}

function decodeMoved(flat: readonly unknown[]): BusMessage | undefined {
  const heads: Head[] = []
  for (let at = 0; at < flat.length; at += 2) {
    const stream = flat[at]
    const seq = flat[at + 1]
    if (typeof stream !== 'string' || typeof seq !== 'number') return undefined
    heads.push({ stream, seq })
  }
  return { kind: 'moved', heads }
}

/** Hands a message to every other node, or to one. */
export type Send = (message: BusMessage, to?: NodeId) => void
