import { eventually } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import { linkedHost } from './fake-host.test.support.js'
import { addSession, openNode, passTime } from './hosts.test.support.js'

const health = { method: 'GET', path: '/health' }
const prompt = { method: 'POST', path: '/sessions/s/prompt', body: { text: 'hi' }, key: 'k1' }

describe('a request to a host', () => {
  it('is answered once, in any order', async () => {
    const { url, hosts } = await openNode()
    const host = await linkedHost({ url })
    const both = Promise.all([hosts.links.request('h1', health), hosts.links.request('h1', prompt)])
    await eventually(() => host.requests.length === 2)

    const [first, second] = host.requests
    host.send({ type: 'res', id: second?.id, status: 202, body: { accepted: true } })
    host.send({ type: 'res', id: first?.id, status: 200, headers: { a: 'b' }, body: { status: 'ok' } })
    host.send({ type: 'res', id: first?.id, status: 500 })

    expect(await both).toEqual([
      { status: 200, headers: { a: 'b' }, body: { status: 'ok' } },
      { status: 202, body: { accepted: true } },
    ])
    expect(second).toMatchObject({ ...prompt, timeoutMs: 30_000 })
  })

  it('is answered when what the host told before is in the log', async () => {
    const node = await openNode()
    const session = await addSession(node)
    const host = await linkedHost({ url: node.url })
    const asked = node.hosts.links.request('h1', { method: 'POST', path: `/sessions/${session.id}/cancel` })
    await eventually(() => host.requests.length === 1)

    host.send({ type: 'res', id: host.requests[0]?.id, status: 200, n: 1 })
    host.event(session.id, { type: 'error', data: { message: 'told before' } })
    await asked

    const { events } = await node.ground.log.read(`session:${session.id}`, { after: 0 })
    expect(events.map(({ body }) => body).join()).toContain('told before')
  })

  it('is not held up for ever by events that do not come', async () => {
    const node = await openNode()
    const host = await linkedHost({ url: node.url })
    const asked = node.hosts.links.request('h1', health)
    await eventually(() => host.requests.length === 1)
    host.send({ type: 'res', id: host.requests[0]?.id, status: 200, n: 7 })
    const again = node.hosts.links.request('h1', health)
    await eventually(() => host.requests.length === 2)
    await passTime(node, 2_000)

    expect((await asked).status).toBe(200)
    host.send({ type: 'res', id: host.requests[1]?.id, status: 200 })
    expect((await again).status).toBe(200)
  })

  it('fails with 503 and Retry-After while there is no link', async () => {
    const { hosts } = await openNode()

    const answer = await hosts.links.request('h1', health)

    expect(answer).toMatchObject({ status: 503, body: { error: 'host not connected' } })
    expect(Number(answer.headers?.['retry-after'])).toBeGreaterThan(0)
    expect(await hosts.links.isConnected('h1')).toBe(false)
  })

  it('fails with 504 when nothing came in time; a start may take longer', async () => {
    const node = await openNode()
    const { url, hosts } = node
    const host = await linkedHost({ url })
    const slow = hosts.links.request('h1', health)
    const start = hosts.links.request('h1', { method: 'POST', path: '/sessions/s/start' })
    await eventually(() => host.requests.length === 2)

    await passTime(node, 30_000)

    expect((await slow).status).toBe(504)
    await eventually(() =>
      host.frames.some((frame) => frame.type === 'cancel' && frame.id === host.requests[0]?.id),
    )
    host.send({ type: 'res', id: host.requests[1]?.id, status: 200 })
    expect((await start).status).toBe(200)
  })

  // proves: sessions.s81
  it('is the 65th that is too many', async () => {
    const { url, hosts } = await openNode()
    const host = await linkedHost({ url })

    const all = Array.from({ length: 65 }, () => hosts.links.request('h1', health))

    expect((await all[64])?.status).toBe(429)
    await eventually(() => host.requests.length === 64)
    for (const { id } of host.requests) host.send({ type: 'res', id, status: 200 })
    expect((await Promise.all(all.slice(0, 64))).every(({ status }) => status === 200)).toBe(true)
  })

  it('is cancelled when nobody waits any more', async () => {
    const { url, hosts } = await openNode()
    const host = await linkedHost({ url })
    const leave = new AbortController()
    const asked = hosts.links.request('h1', health, { signal: leave.signal })
    await eventually(() => host.requests.length === 1)

    leave.abort(new Error('left'))

    await expect(asked).rejects.toThrow('left')
    await eventually(() => host.frames.some(({ type }) => type === 'cancel'))
  })

  it('too large for a frame is refused', async () => {
    const { url, hosts } = await openNode()
    await linkedHost({ url })

    expect((await hosts.links.request('h1', { ...prompt, body: 'x'.repeat(1_048_576) })).status).toBe(413)
  })

  // proves: sessions.s81
  it('whose link breaks is repeated on the next one with the same key', async () => {
    const { url, hosts } = await openNode()
    const first = await linkedHost({ url })
    const asked = hosts.links.request('h1', { method: 'POST', path: '/sessions/s/queue/pause' })
    await eventually(() => first.requests.length === 1)
    first.cut()

    const second = await linkedHost({ url, answer: () => ({ status: 200, body: { ok: true } }) })

    expect((await asked).status).toBe(200)
    expect(second.requests[0]?.key).toBeTruthy()
    expect(second.requests[0]?.key).toBe(first.requests[0]?.key)
  })

  it('whose link breaks fails after a minute without one; keystrokes fail at once', async () => {
    const { url, hosts, clock } = await openNode()
    const host = await linkedHost({ url })
    const asked = hosts.links.request('h1', prompt, { timeoutMs: 120_000 })
    const typed = hosts.links.request('h1', {
      method: 'POST',
      path: '/terminals/t/input',
      body: { data: 'l' },
    })
    await eventually(() => host.requests.length === 2)

    host.cut()

    expect((await typed).status).toBe(503)
    let answer: unknown
    void asked.then((given) => (answer = given))
    await clock.advance(59_000)
    expect(answer).toBeUndefined()
    await eventually(async () => {
      await clock.advance(1_000)
      return answer
    })
    expect(answer).toMatchObject({ status: 503 })
  })
})

describe('calls that wait for a host', () => {
  const call = (key: string, rank: number, createdAt: number) => ({
    key,
    hostId: 'h1',
    sessionId: 's',
    rank,
    method: 'POST',
    path: `/sessions/s/${key}`,
    body: {},
    createdAt,
  })

  it('are sent after the welcome in their order, and again until they were answered', async () => {
    const { url, store, ground, hosts } = await openNode()
    const waiting = [call('c', 2, 1), call('b', 1, 2), call('a', 0, 3)]
    await ground.log.commit({ ops: waiting.map(store.calls.insert), appends: [] })
    const first = await linkedHost({ url })
    await eventually(() => first.requests.length === 3)
    expect(first.requests.map(({ key }) => key)).toEqual(['a', 'b', 'c'])
    first.send({ type: 'res', id: first.requests[1]?.id, status: 404 })
    await eventually(async () => (await store.calls.list('h1')).length === 2)
    await first.left()

    const second = await linkedHost({ url, answer: () => ({ status: 200 }) })

    await eventually(async () => (await store.calls.list('h1')).length === 0)
    expect(second.requests.map(({ key }) => key)).toEqual(['a', 'c'])

    await ground.log.commit({ ops: [store.calls.insert(call('d', 1, 9))], appends: [] })
    hosts.deliver('h1')
    await eventually(() => second.requests.some(({ key }) => key === 'd'))
  })

  it('are found by themselves when nobody said so', async () => {
    const { url, store, ground, clock } = await openNode()
    const host = await linkedHost({ url, answer: () => ({ status: 200 }) })
    await ground.log.commit({ ops: [store.calls.insert(call('a', 1, 1))], appends: [] })

    await eventually(async () => {
      await clock.advance(1_000)
      return host.requests.length === 1
    })
  })
})

it('a host is connected once what it had was stored', async () => {
  const node = await openNode()
  const { id } = await addSession(node)
  let isConnected = false
  const waits = node.hosts.links
    .connected('h1', new AbortController().signal)
    .then(() => (isConnected = true))
  const host = await linkedHost({ url: node.url, sessions: [id], n: 1 })
  expect(await node.hosts.links.isConnected('h1')).toBe(true)
  expect(isConnected).toBe(false)

  host.eventAs(1, id, { type: 'note', data: {} })

  await waits
  const leave = new AbortController()
  leave.abort(new Error('left'))
  await expect(node.hosts.links.connected('h2', leave.signal)).rejects.toThrow('left')
})
