import { io, type Socket } from 'socket.io-client'
import type { Random } from '../random.js'
import { anyValue } from '../values.js'
import { people, type Target } from './target.js'
import { anyContent, anyDraft, anyId, anyInvocation, anySince, mostly } from './values.js'

type Event = [name: string, payload: unknown]

/** One event of a client, mostly well formed. */
export function anyEvent(random: Random, target: Target): Event {
  const thread_id = mostly(random, anyId(random, target.threadId))
  const event_id = mostly(random, anyId(random, target.eventId))
  const call_id = mostly(random, 'call_1')
  const events: Event[] = [
    ['thread:join', { thread_id, ...(random.chance(0.5) && { since: anySince(random) }) }],
    ['thread:join', { thread_id }],
    ['thread:leave', { thread_id }],
    ['message:send', { thread_id, draft: anyDraft(random, target) }],
    ['message:send', { thread_id, draft: anyDraft(random, target) }],
    ['message:edit', { thread_id, event_id, content: anyContent(random, target) }],
    ['message:delete', { thread_id, event_id }],
    ['assistant:invoke', { thread_id, ...anyInvocation(random) }],
    ['run:cancel', { run_id: mostly(random, anyId(random, target.runId)) }],
    ['tool:approve', { thread_id, call_id, reason: anyValue(random, 1) }],
    ['tool:reject', { thread_id, call_id }],
    ['thread:read', { thread_id, seq: mostly(random, random.pick([0, 1, 5, -1, 1e12])) }],
    ['typing', { thread_id }],
  ]
  const [name, payload] = random.pick(events)
  return [name, mostly(random, payload, 0.93)]
}

/**
 * Connects as somebody, sends events with acknowledgements and waits for all of them, however odd they were. Resolves with
 * what became of it; rejects when one was not acknowledged, or with what no client should see.
 */
export async function anyVisit(random: Random, target: Target, deadlineMs: number): Promise<string> {
  const token = random.chance(0.8) ? random.pick(['alice', 'bob']) : random.pick([...people, 1, {}, null])
  const namespace = random.chance(0.9)
    ? target.namespace
    : random.pick(['/', '/A', '/a b/c', '/B/X', '/admin'])
  const socket = io(target.url + (namespace === '/' ? '' : namespace), {
    forceNew: true,
    reconnection: false,
    transports: [random.chance(0.85) ? 'websocket' : 'polling'],
    timeout: deadlineMs,
    auth: { token, ...(random.chance(0.1) && { more: anyValue(random) }) },
  })
  try {
    const refusal = await connected(socket)
    if (refusal !== undefined) return refusal
    const events = Array.from({ length: 1 + random.below(12) }, () => anyEvent(random, target))
    const answers = await Promise.all(events.map((event) => answerTo(socket, event, random, deadlineMs)))
    return answers.some(({ isRefusal }) => isRefusal) ? 'socket refused' : 'socket served'
  } finally {
    socket.disconnect()
  }
}

const refusals = [
  'unauthenticated',
  'namespace_invalid',
  'namespace_mismatch',
  'Invalid namespace',
  // Whoever goes away without a word counts for a while.
  'rate_limited',
]

/** Undefined when it connected; else how it was refused. */
function connected(socket: Socket): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(undefined))
    socket.once('connect_error', (error) => {
      const isKnown = refusals.some((name) => error.message === name || error.message.startsWith(`${name}: `))
      if (isKnown) resolve('connect refused')
      else reject(new Error(`connecting failed: ${error.message}`))
    })
  })
}

async function answerTo(
  socket: Socket,
  [name, payload]: Event,
  random: Random,
  deadlineMs: number,
): Promise<{ isRefusal: boolean }> {
  const args = random.chance(0.04) ? [payload, 'one too many'] : random.chance(0.03) ? [] : [payload]
  const bytes = random.chance(0.03) ? [{ thread_id: Buffer.from('th') }] : args
  // The cast: what an acknowledgement is, is looked into below.
  const answer = (await socket
    .timeout(deadlineMs)
    .emitWithAck(name, ...bytes)
    .catch((error: unknown) => {
      throw new Error(`${name} was not acknowledged: ${String(error)}`)
    })) as { error?: { code?: unknown; message?: unknown } } | null
  if (typeof answer !== 'object' || answer === null)
    throw new Error(`${name} was acknowledged with ${answer}`)
  if (answer.error === undefined) return { isRefusal: false }
  const { code, message } = answer.error
  if (typeof code !== 'string' || typeof message !== 'string')
    throw new Error(`${name}: a refusal without a code`)
  if (code === 'internal') throw new Error(`${name}: internal`)
  return { isRefusal: true }
}
