import { eventually } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import { openServer, rawRequest } from './server.test.support.js'
import { connect, newRoom, say, transports } from './threads.test.support.js'

describe.each(transports)('a room over %s', (transport) => {
  it('is joined, spoken in over either door, and followed', async () => {
    const server = await openServer()
    const { key } = await server.newKey('threads:use')
    const room = await newRoom(server, key)
    const peer = await connect(server, { transport, token: key })

    expect(await peer.ask('thread:join', { thread_id: room })).toMatchObject({ thread_id: room })
    expect((await server.call(`/acp/threads/${room}/messages`, { key, body: say('by REST') })).status).toBe(
      201,
    )
    const sent = await peer.ask('message:send', { thread_id: room, draft: say('by socket') })

    expect(sent).toMatchObject({ event: { type: 'message' } })
    const [first] = (await peer.until(({ type }) => type === 'message')).content
    expect(first.text).toBe('by REST')
    await peer.until(({ id }) => id === sent.event.id)
  })

  it('ends with the server', async () => {
    const server = await openServer()
    const peer = await connect(server, { transport, token: server.controlToken })

    await server.stop()

    await eventually(() => peer.socket.disconnected)
  })

  it('is counted and timed', async () => {
    const server = await openServer()
    const peer = await connect(server, { transport, token: server.controlToken })
    await newRoom(server, undefined)
    await peer.ask('thread:join', { thread_id: 'th_none' })

    const { text } = await server.call('/metrics')
    expect(text).toContain('http_answer_seconds_count{method="POST",status="2xx",route="/acp/threads"} 1')
    expect(text.includes('route="/socket.io"')).toBe(transport === 'polling')
  })
})

it('the server tells which planes it has', async () => {
  const server = await openServer()
  expect((await server.call('/parley/v1/me')).body).toMatchObject({
    planes: ['handshake', 'threads', 'sessions', 'relay'],
  })
})

it('a path that only looks like a room, however it is spelt, opens nothing', async () => {
  const { url } = await openServer()

  for (const path of ['/acp', '/acp/', '/acp/threads', '/x/../acp/threads', '/acp/%74hreads'])
    expect((await rawRequest(url, path)).status, path).toBeGreaterThanOrEqual(401)
  // It is a page of the console, where that is built.
  expect((await rawRequest(url, '/socket.iox/?EIO=4&transport=polling')).text).not.toContain('"sid"')
  expect((await rawRequest(url, '/socket.io/?EIO=4&transport=polling')).text).toContain('"sid"')
  expect((await rawRequest(url, '/socket.io/?EIO=4&transport=smoke')).status).toBe(400)
})
