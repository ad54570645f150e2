import type { HandshakeService } from '@parley/handshake'
import type { SseEvent } from '@parley/kernel/http'
import { type FollowItem, isMark, type StoredEvent } from '@parley/kernel/log'
import type { Principal } from '@parley/kernel/principal'
import { toIsoTime } from '../iso-time.js'

/** A stream of the log as server-sent events; the id of each is its number, so browsers resume by themselves. */
export async function* toSse(items: AsyncIterable<FollowItem>): AsyncGenerator<SseEvent> {
  for await (const item of items) {
    if (!isMark(item)) yield { id: String(item.seq), event: 'event', data: eventText(item) }
    else if (item.mark === 'caught_up') yield { event: 'caught_up', data: JSON.stringify({ seq: item.seq }) }
    else if (item.mark === 'history_gone')
      yield { event: 'history_gone', data: JSON.stringify({ first: item.first }) }
    else if (item.mark === 'gone') yield { event: 'gone', data: '{}' }
  }
}

function eventText({ seq, id, at, type, actor, body }: StoredEvent): string {
  const head = JSON.stringify({ seq, id, at: toIsoTime(at), type, actor })
  // The body is JSON text already; every reader gets the same bytes.
  return `${head.slice(0, -1)},"body":${body}}`
}

/** Summaries of handshakes as they change; changes in quick succession become one. */
export async function* changedHandshakes(
  operator: HandshakeService['operator'],
  who: Principal,
  signal: AbortSignal,
): AsyncGenerator<SseEvent> {
  yield { event: 'ready', data: '{}' }
  for await (const id of operator.followAll(who, signal)) {
    // One that was forgotten since its event is no longer there to be shown.
    const summary = await operator.summary(who, id).catch(() => undefined)
    if (summary) yield { event: 'handshake', data: JSON.stringify(summary) }
  }
}

/** Ends a stream as soon as its reader may not read it any more: asked before each event leaves. */
export async function* whileAllowed(
  events: AsyncIterable<SseEvent>,
  assertAllowed: () => Promise<unknown>,
): AsyncGenerator<SseEvent> {
  for await (const event of events) {
    if (
      !(await assertAllowed().then(
        () => true,
        () => false,
      ))
    )
      return
    yield event
  }
}
