// Two nodes on one Postgres, with each kind of bus between them and real clocks.
import { eventually, nodePairs } from '@parley/testkit'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { mount } from './mounted.test.support.js'
import { openPlane, people } from './plane.test.support.js'
import { assistant, text } from './protocol/index.js'
import type { ThreadsOptions } from './service/options.js'
import type { Peer } from './socket/door.test.support.js'

const { pairs, close } = await nodePairs()
afterAll(close)

describe.each(pairs)('two nodes on one Postgres, over $bus,', ({ open }) => {
  const openPair = async (options: Partial<ThreadsOptions> = {}) => {
    const { nodes, close: closeNodes } = await open()
    onTestFinished(closeNodes)
    const limits = { writesPer10Seconds: 100_000 }
    const [a, b] = await Promise.all(nodes.map((ground) => openPlane({ ground, limits, ...options })))
    const [atA, atB] = await Promise.all([mount(a!.threads), mount(b!.threads)])
    return { a: a!, b: b!, atA: atA!.connect, atB: atB!.connect }
  }
  const draft = (words: string) => ({ content: [text(words)] })

  // proves: threads.t36
  test('join on one, post on the other, resume on the first', async () => {
    const { a, b, atA, atB } = await openPair()
    const id = await a.room({ members: [people.bob!] })
    const alice = await atA('alice')
    const bob = await atB('bob')
    await alice.join(id)

    const { event: first } = await bob.ask('message:send', { thread_id: id, draft: draft('one') })
    await alice.until('event')
    alice.socket.disconnect()
    for (const words of ['two', 'three']) await b.call('bob', 'POST', `/threads/${id}/messages`, draft(words))
    const again = await atA('alice')
    const { replayed } = await again.join(id, { seq: first.seq })

    expect(alice.of('event')).toEqual([first])
    expect(replayed.map(wordsOf)).toEqual(['two', 'three'])
  })

  // proves: threads.t36
  test('every push of a change on one reaches the room of the other', async () => {
    const { a, b, atB } = await openPair()
    const id = await a.room({ members: [people.bob!] })
    const bob = await atB('bob')
    await bob.join(id)

    await a.call('alice', 'PATCH', `/threads/${id}`, { metadata: { title: 'new' } })
    await bob.until('thread:updated')
    await a.call('alice', 'POST', `/threads/${id}/members`, { identity: people.erin })
    await bob.until('members:updated')
    await b.call('alice', 'PATCH', `/threads/${id}`, { tenant: { org: 'A', ws: 'X' } })
    await a.call('alice', 'DELETE', `/threads/${id}/members/u_bob`)

    expect(await bob.until('thread:left')).toEqual([{ thread_id: id, reason: 'removed' }])
    expect(bob.names).toEqual([
      'thread:updated',
      'event thread.member_added',
      'members:updated',
      'thread:updated',
      'event thread.member_removed',
      'members:updated',
      'thread:left',
    ])
  })

  // proves: threads.t36
  test('an assistant has one active run, wherever it is asked for', async () => {
    const { a, b } = await openPair()
    const held = createLatch()
    for (const { threads } of [a, b])
      threads.assistant('slow', async function* (_ctx, send) {
        await held.opened
        yield send.message([text('done')])
      })
    const id = await a.room({ members: [assistant({ id: 'slow', name: 'slow' })] })
    const path = `/threads/${id}/invocations`

    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        (n % 2 ? a : b).call('alice', 'POST', path, { assistant_ids: ['slow'] }),
      ),
    )
    held.open()

    const ids = answers.map(({ body }) => body.runs[0].id)
    expect(new Set(ids).size).toBe(1)
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    const run = () => b.call('alice', 'GET', `/runs/${ids[0]}`)
    await eventually(async () => (await run()).body.status === 'completed')
    const { body } = await a.call('alice', 'GET', `/threads/${id}/events?types=message`)
    expect(body.items.map(wordsOf)).toEqual(['done'])
  })

  // proves: threads.t36
  test('a run is stopped from the node that does not execute it', async () => {
    const { a, b, atB } = await openPair()
    let reason: unknown
    a.threads.assistant('hang', async function* (ctx, send) {
      await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve))
      reason = ctx.signal.reason
      yield send.message([text('late')])
    })
    const id = await a.room({ members: [assistant({ id: 'hang', name: 'hang' })] })
    const alice = await atB('alice')
    await alice.join(id)
    const { body } = await a.call('alice', 'POST', `/threads/${id}/invocations`, { assistant_ids: ['hang'] })
    await eventually(() => alice.names.includes('run:updated running'))

    const cancelled = await alice.ask('run:cancel', { run_id: body.runs[0].id })

    expect(cancelled).toMatchObject({ cancelled: true, status: 'cancelled' })
    await eventually(() => reason !== undefined)
    const events = await b.call('alice', 'GET', `/threads/${id}/events`)
    expect(events.body.items.map(({ type }: { type: string }) => type).slice(-2)).toEqual([
      'run.started',
      'run.cancelled',
    ])
  })

  // proves: threads.t36
  test('followers on both see the same log while both write', async () => {
    const { a, b, atA, atB } = await openPair()
    const id = await a.room({ members: [people.bob!] })
    const followers: Peer[] = await Promise.all([atA('alice'), atB('bob')])
    for (const follower of followers) await follower.join(id)

    const write = (plane: typeof a, who: string) =>
      Promise.all(
        Array.from({ length: 100 }, (_, n) =>
          plane.call(who, 'POST', `/threads/${id}/messages`, draft(`${who} ${n}`)),
        ),
      )
    await Promise.all([write(a, 'alice'), write(b, 'bob')])

    const { body } = await a.call('alice', 'GET', `/threads/${id}/events?limit=500&types=message`)
    expect(body.items).toHaveLength(200)
    for (const follower of followers) expect(await follower.until('event', 200)).toEqual(body.items)
  })
})

const wordsOf = ({ content }: { content: { text: string }[] }): string => content[0]!.text

function createLatch() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}
