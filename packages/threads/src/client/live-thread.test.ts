import { eventually } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { people } from '../plane.test.support.js'
import { assistant, deriveNamespacePath, text } from '../protocol/index.js'
import { openPlaneServer, until, untilLive, wordsOf } from './client.test.support.js'

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

describe('a thread that is opened', () => {
  test('shows who and what is there, and what others say from then on', async () => {
    const { room, client, say } = await openPlaneServer()
    const id = await room({ members: [people.bob!] })
    await say('bob', id, 'before')
    const thread = client('alice').openThread(id)

    const first = await untilLive(thread)
    await say('bob', id, 'after')
    const second = await until(thread, ({ events }) => events.length > first.events.length)

    expect(first).toMatchObject({
      thread: { id },
      members: [{ identity_id: 'u_alice' }, { identity_id: 'u_bob' }],
    })
    expect(first).toMatchObject({ hasOlder: false, runs: [], online: [], typing: [] })
    expect([wordsOf(first), wordsOf(second)]).toEqual([['before'], ['before', 'after']])
    expect(second.timeline.slice(0, first.timeline.length)).toEqual(first.timeline)
    for (const [index, item] of first.timeline.entries()) expect(second.timeline[index]).toBe(item)
  })

  test('shows a message of its own at once, under one key', async () => {
    const { room, client } = await openPlaneServer()
    const thread = client('alice').openThread(await room())
    await untilLive(thread)

    const sent = thread.send('hi')
    const pending = thread.snapshot().timeline.at(-1)!
    const event = await sent
    const { timeline } = await until(thread, (snapshot) => snapshot.timeline.at(-1)?.kind === 'message')

    expect(pending).toMatchObject({ kind: 'pending', content: [text('hi')] })
    expect(timeline.at(-1)).toMatchObject({ kind: 'message', key: pending.key, event: { id: event.id } })
    expect(timeline.filter(({ kind }) => kind === 'pending')).toEqual([])
  })

  test('reads back in pieces to the first event, and keeps the items that it had', async () => {
    const { room, client, say } = await openPlaneServer()
    const id = await room()
    for (const n of numbers(118)) await say('alice', id, `${n}`)
    const thread = client('alice').openThread(id)
    const first = await untilLive(thread)

    await Promise.all([thread.loadOlder(), thread.loadOlder()])
    const second = thread.snapshot()
    await thread.loadOlder()
    await thread.loadOlder()
    const last = thread.snapshot()

    expect([first, second, last].map(({ events }) => events.length)).toEqual([50, 100, 120])
    expect([first, second, last].map(({ hasOlder }) => hasOlder)).toEqual([true, true, false])
    expect(last.events.map(({ seq }) => seq)).toEqual(numbers(120))
    expect(last.timeline.slice(-50)).toEqual(first.timeline)
    expect(last.timeline.at(-1)).toBe(first.timeline.at(-1))
  })

  test('follows the runs of assistants', async () => {
    const { room, client, threads } = await openPlaneServer()
    threads.assistant('echo', async function* (_ctx, send) {
      yield send.message([text('echo')])
    })
    const thread = client('alice').openThread(
      await room({ members: [assistant({ id: 'echo', name: 'echo' })] }),
    )
    await untilLive(thread)

    const { runs } = await thread.invoke(['echo'])
    const { timeline } = await until(thread, (snapshot) => snapshot.runs[0]?.status === 'completed')

    expect(thread.snapshot().runs.map(({ id }) => id)).toEqual([runs[0]!.id])
    expect(timeline.flatMap((item) => ('event' in item ? [item.event.type] : []))).toEqual(
      expect.arrayContaining(['run.started', 'message', 'run.completed']),
    )
  })
})

describe('a connection that breaks', () => {
  // proves: threads.t32
  test('comes back by itself, and nothing is missing and nothing is there twice', async () => {
    const { room, client, say, line } = await openPlaneServer({ replayCap: 5 })
    const id = await room({ members: [people.bob!] })
    const parley = client('alice')
    const states: string[] = []
    parley.onConnection(() => states.push(parley.connection()))
    const thread = parley.openThread(id)
    await untilLive(thread)

    for (const round of [1, 2]) {
      line.cut()
      await until(thread, ({ status }) => status === 'reconnecting')
      for (const n of numbers(12)) await say('bob', id, `${round} ${n}`)
      line.mend()
      await untilLive(thread)
      await say('bob', id, `${round} live`)
      await until(thread, (snapshot) => wordsOf(snapshot).includes(`${round} live`))
    }

    const { events } = thread.snapshot()
    expect(events.map(({ seq }) => seq)).toEqual(numbers(3 + 26))
    expect(new Set(events.map(({ id: one }) => one)).size).toBe(events.length)
    expect(states).toEqual([
      'connecting',
      'connected',
      'reconnecting',
      'connected',
      'reconnecting',
      'connected',
    ])
  })

  test('keeps messages until it is back, in order, and refuses everything else', async () => {
    const { room, client, line } = await openPlaneServer()
    const thread = client('alice').openThread(await room())
    await untilLive(thread)
    line.cut()
    await until(thread, ({ status }) => status === 'reconnecting')

    const sent = [thread.send('one'), thread.send('two')]
    await expect(thread.invoke(['echo'])).rejects.toMatchObject({ code: 'offline' })
    await expect(thread.markRead()).rejects.toMatchObject({ code: 'offline' })
    expect(wordsOf(thread.snapshot())).toEqual(['one', 'two'])
    line.mend()

    expect((await Promise.all(sent)).map(({ seq }) => seq)).toEqual([3, 4])
    expect(wordsOf(await until(thread, ({ events }) => events.length === 4))).toEqual(['one', 'two'])
  })

  test('brings what changed meanwhile beside the log', async () => {
    const { room, client, call, line } = await openPlaneServer()
    const id = await room()
    const thread = client('alice').openThread(id)
    await untilLive(thread)
    line.cut()
    await until(thread, ({ status }) => status === 'reconnecting')

    await call('alice', 'PATCH', `/threads/${id}`, { metadata: { title: 'new' } })
    await call('alice', 'POST', `/threads/${id}/members`, { identity: people.bob })
    line.mend()
    const { thread: found, members } = await untilLive(thread)

    expect(found?.metadata).toEqual({ title: 'new' })
    expect(members.map(({ identity_id }) => identity_id)).toEqual(['u_alice', 'u_bob'])
  })
})

describe('a thread that goes away', () => {
  test('is gone for somebody who is removed, and for everybody when it is deleted', async () => {
    const { room, client, call } = await openPlaneServer()
    const id = await room({ members: [people.bob!] })
    const [alice, bob] = [client('alice').openThread(id), client('bob').openThread(id)]
    await Promise.all([untilLive(alice), untilLive(bob)])

    await call('alice', 'DELETE', `/threads/${id}/members/u_bob`)
    await until(bob, ({ status }) => status === 'gone')
    await expect(bob.send('still here?')).rejects.toMatchObject({ code: 'not_found' })
    expect(alice.snapshot().status).toBe('live')
    await call('alice', 'DELETE', `/threads/${id}`)

    await until(alice, ({ status }) => status === 'gone')
  })

  test('is gone when that happened while the connection was away', async () => {
    const { room, client, call, line } = await openPlaneServer()
    const id = await room({ members: [people.bob!] })
    const bob = client('bob').openThread(id)
    await untilLive(bob)
    line.cut()
    await until(bob, ({ status }) => status === 'reconnecting')
    await call('alice', 'DELETE', `/threads/${id}/members/u_bob`)
    line.mend()

    expect((await until(bob, ({ status }) => status === 'gone')).error).toMatchObject({ code: 'forbidden' })
  })

  test('can be opened anew when its user is let in again', async () => {
    const { room, client, call } = await openPlaneServer()
    const id = await room()
    const parley = client('bob')
    const first = parley.openThread(id)
    await until(first, ({ status }) => status === 'refused')
    await call('alice', 'POST', `/threads/${id}/members`, { identity: people.bob })

    const second = parley.openThread(id)
    await untilLive(second)
    first.close()

    expect(await second.send('hi')).toMatchObject({ author: people.bob })
    await until(second, (snapshot) => wordsOf(snapshot).includes('hi'))
  })
})

describe('who may not follow', () => {
  // proves: threads.t32
  test.each([
    ['a stranger', 'dave', 'not_found'],
    ['somebody who is no member', 'bob', 'forbidden'],
    ['nobody', 'nobody', 'unauthenticated'],
  ])('%s is told why', async (_name, who, code) => {
    const { room, client } = await openPlaneServer()
    const thread = client(who).openThread(await room())

    const { status, error } = await until(thread, (snapshot) => snapshot.status !== 'loading')

    expect([status, error?.code]).toEqual(['refused', code])
  })

  test('a connection with a token that nobody knows is not tried again', async () => {
    const { room, client } = await openPlaneServer()
    let asked = 0
    const token = () => `nobody ${++asked}`
    const parley = client('', { token })
    const thread = parley.openThread(await room())

    await eventually(() => parley.connection() === 'refused')
    await until(thread, ({ status }) => status === 'refused')

    expect(thread.snapshot().error).toMatchObject({ code: 'unauthenticated' })
    expect(await until(parley.openThread('th_2'), ({ status }) => status === 'refused')).toBeTruthy()
  })

  test('a token source is asked for every request and every connection', async () => {
    const { room, client, line } = await openPlaneServer()
    let asked = 0
    const token = async () => {
      asked += 1
      return 'alice'
    }
    const parley = client('', { token })
    const thread = parley.openThread(await room())
    await untilLive(thread)
    const before = asked

    line.cut()
    await until(thread, ({ status }) => status === 'reconnecting')
    line.mend()
    await untilLive(thread)
    await parley.listThreads()

    expect(before).toBeGreaterThan(3)
    expect(asked).toBeGreaterThan(before + 1)
  })
})

// proves: threads.t25
test('a client lives in the namespace of its tenant, and is refused elsewhere', async () => {
  const namespaceKeys = ['org', 'ws']
  const { room, client } = await openPlaneServer({ namespaceKeys })
  const id = await room()
  const namespace = deriveNamespacePath({ org: 'A', ws: 'X' }, { namespaceKeys })

  const thread = client('alice', { namespace }).openThread(id)
  const others = [client('alice'), client('alice', { namespace: '/B/X' })]
  for (const other of others) other.openThread(id)

  await untilLive(thread)
  for (const other of others) await eventually(() => other.connection() === 'refused')
  expect(others.map((other) => other.openThread(id).snapshot().error?.code)).toEqual([
    'namespace_invalid',
    'namespace_mismatch',
  ])
})

describe('followers of one thread', () => {
  test('share it, and the last one who leaves takes it down', async () => {
    const { room, client, say } = await openPlaneServer()
    const id = await room()
    const parley = client('alice')
    const [first, second] = [parley.openThread(id), parley.openThread(id)]
    await untilLive(first)
    expect(second.snapshot()).toBe(first.snapshot())

    first.close()
    first.close()
    await say('alice', id, 'hi')
    await until(second, (snapshot) => wordsOf(snapshot).includes('hi'))
    await expect(first.send('closed')).rejects.toMatchObject({ code: 'closed' })
    second.close()
    const third = parley.openThread(id)
    await Promise.resolve()

    expect(third.snapshot()).toBe(second.snapshot())
  })

  test('are told once for everything that happens in one turn, and only of what is new', async () => {
    const { room, client } = await openPlaneServer()
    const thread = client('alice').openThread(await room())
    await untilLive(thread)
    let told = 0
    const stop = thread.subscribe(() => (told += 1))

    const sent = [thread.send('one'), thread.send('two'), thread.send('three')]
    expect(told).toBe(0)
    await Promise.resolve()
    expect(told).toBe(1)
    stop()
    await Promise.all(sent)

    expect(told).toBe(1)
  })

  test('are told that the client was closed', async () => {
    const { room, client } = await openPlaneServer()
    const parley = client('alice')
    const thread = parley.openThread(await room())
    await untilLive(thread)

    parley.close()

    expect(thread.snapshot()).toMatchObject({ status: 'refused', error: { code: 'closed' } })
    expect(parley.connection()).toBe('idle')
    await expect(thread.send('hi')).rejects.toMatchObject({ code: 'closed' })
    await expect(parley.listThreads()).rejects.toMatchObject({ code: 'closed' })
    expect(() => parley.openThread('th_1')).toThrow(expect.objectContaining({ code: 'closed' }))
  })
})
