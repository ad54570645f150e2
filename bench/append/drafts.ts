import type { StreamId } from '@parley/kernel/ids'
import type { Append, Draft, Log } from '@parley/kernel/log'

/** Events are spread over this many streams. */
export const streamCount = 100

const actor = { kind: 'agent', id: 'agent_0123456789abcdef' } as const
const text = 'x'.repeat(120)

/** An event whose row has about 250 bytes. */
export const draft: Draft = { type: 'bench.happened', actor, body: { key: 'street', by: 'ai', text } }

/** The same as the columns of a row. */
export const columns = { type: draft.type, actor: JSON.stringify(actor), body: JSON.stringify(draft.body) }

/** Streams in turns. */
export function streamTurns(): () => StreamId {
  let turn = 0
  return () => `bench:${turn++ % streamCount}` as StreamId
}

/** Appends one event. */
export const appendOne = (log: Pick<Log, 'commit'>, stream: StreamId): Promise<unknown> =>
  log.commit({ ops: [], appends: [toAppend(stream)] })

export const toAppend = (stream: StreamId): Append => ({ stream, drafts: [draft] })
