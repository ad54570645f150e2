import { strict as assert } from 'node:assert'
import { eventually } from '@parley/testkit'
import { io } from 'socket.io-client'
import { parseJson, send } from '../../compliance/core/http.js'
import { poster } from './target.js'

/** Two who behave well while others do not: Alice writes, Bob has been listening all the time. */
export interface Control {
  /** Writes over REST and reads the log; rejects when Bob or the log has something else than every event once. */
  verify(): Promise<void>
  close(): void
}

type Seen = { seq: number; id: string }

export async function startControl(url: string): Promise<Control> {
  const post = poster(url, 'alice')
  const { id: threadId } = await post('/threads', {})
  await post(`/threads/${threadId}/members`, { identity: { role: 'user', id: 'u_bob', name: 'bob' } })
  const heard: Seen[] = []
  const socket = io(url, {
    forceNew: true,
    reconnection: false,
    transports: ['websocket'],
    auth: { token: 'bob' },
  })
  socket.on('event', ({ seq, id }: Seen) => heard.push({ seq, id }))
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', reject)
  })
  // The cast: the contract's acknowledgement.
  const { replayed } = (await socket.emitWithAck('thread:join', {
    thread_id: threadId,
    since: { seq: 0 },
  })) as {
    replayed: Seen[]
  }
  heard.unshift(...replayed.map(({ seq, id }) => ({ seq, id })))
  const log: Seen[] = []

  const readOn = async () => {
    const path = `/acp/threads/${threadId}/events?limit=500&after_seq=${log.length}`
    const answer = await send(url, { path, headers: { authorization: 'Bearer alice' } })
    assert.equal(answer.status, 200, answer.text)
    // The cast: the contract's page.
    const { items } = parseJson(answer.text) as { items: Seen[] }
    log.push(...items.map(({ seq, id }) => ({ seq, id })))
  }
  let turn = 0
  // One after the other: several workers of a fuzzer share it.
  let last: Promise<unknown> = Promise.resolve()
  const verify = async () => {
    turn++
    const content = [{ type: 'text', text: `turn ${turn}` }]
    const event = await post(`/threads/${threadId}/messages`, { client_id: `turn-${turn}`, content })
    await readOn()
    assert.equal(log.at(-1)?.id, event.id, 'the newest event is the one that was written')
    assert.deepEqual(
      log.map(({ seq }) => seq),
      log.map((_, index) => index + 1),
    )
    await eventually(() => heard.length >= log.length)
    assert.deepEqual(heard, log, 'the listener has every event once and in order')
  }
  return {
    verify: () => {
      const turn = last.then(verify)
      last = turn.catch(() => undefined)
      return turn
    },
    close: () => void socket.disconnect(),
  }
}
