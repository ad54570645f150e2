// The addresses that clients are given, and a server behind a proxy under another name (section 2.11).
import { eventually } from '@parley/testkit'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { eventsOf, type StreamEvent } from './support/event-stream.js'
import { jsonOf, namedRequest } from './support/named-request.js'
import { openPeer, upgradeStatus } from './support/peer.js'
import { openReverseProxy } from './support/reverse-proxy.js'
import { chunkIn, demoSpawn, openStage, type Stage } from './support/stage.js'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
  await stage.call('POST', '/runtimes/local/start')
})
afterAll(async () => {
  await stage?.close()
  expect(stage.faults).toEqual([])
})

const alice = { authorization: 'Bearer alice' }

/** The addresses in the list of runtimes, of an instance that is started and of a session, as one host name sees them. */
async function addressesAt(
  host: string,
  headers: Record<string, string> = {},
  at = stage,
): Promise<string[]> {
  const ask = (path: string, method = 'GET', body?: unknown) =>
    jsonOf(at.authority, { method, path: `/api${path}`, host, headers: { ...alice, ...headers }, body })
  const started = await ask('/runtimes/local/start', 'POST', {})
  const listed = await ask('/runtimes')
  const created = await ask('/agents', 'POST', { spawn: demoSpawn() })
  const session = await ask(`/agents/${created.body.id}`)
  const sessions = await ask('/agents')
  await ask(`/agents/${created.body.id}`, 'DELETE')
  return [
    started.body.websocketUrl,
    listed.body[0].instances[0].websocketUrl,
    created.body.websocketUrl,
    session.body.websocketUrl,
    sessions.body.find(({ id }: { id: string }) => id === created.body.id).websocketUrl,
  ]
}

// proves: sessions.s63
it.each([
  // Requests for loopback are left alone; other names get TLS, with the port they asked for.
  ['127.0.0.1:PORT', {}, 'ws://127.0.0.1:PORT/ws'],
  ['localhost:PORT', {}, 'ws://localhost:PORT/ws'],
  ['app.example', {}, 'wss://app.example/ws'],
  ['app.example:8443', {}, 'wss://app.example:8443/ws'],
  ['app.example', { 'x-forwarded-proto': 'https' }, 'wss://app.example/ws'],
])('a request for %s with %j gets %s', async (host, headers, wanted) => {
  const port = stage.authority.split(':')[1]!
  const urls = await addressesAt(host.replace('PORT', port), headers)

  expect(urls.map((url) => url.replace(/\?.*$/, ''))).toEqual(Array(5).fill(wanted.replace('PORT', port)))
})

// proves: sessions.s63
it('the address can be used as it is, by whoever has no way to send a header', async () => {
  const id = await stage.session()
  const { websocketUrl } = (await stage.call('GET', `/agents/${id}`)).body
  const peer = await openPeer(websocketUrl)
  onTestFinished(() => peer.terminate())

  expect(await peer.subscribe(`session:${id}`)).not.toEqual([])
  expect(new URL(websocketUrl).searchParams.get('token')).toBe('alice')
  // An ended one has none.
  await stage.call('DELETE', `/agents/${id}`)
  expect((await stage.call('GET', `/agents/${id}`)).body).not.toHaveProperty('websocketUrl')
})

// proves: sessions.s63
it('a configured public address is the one, whatever a request says', async () => {
  const configured = await openStage({ publicUrl: 'https://parley.example' })
  onTestFinished(() => configured.close())

  for (const host of ['evil.example', configured.authority]) {
    const urls = await addressesAt(host, {}, configured)
    expect(urls).toEqual(Array(5).fill('wss://parley.example/ws?token=alice'))
  }
})

// proves: sessions.s71
it('everything works through a proxy under another name: requests, streams and sockets', async () => {
  const proxy = await openReverseProxy(stage.authority)
  onTestFinished(() => proxy.close())
  const host = 'parley.example'
  const origin = `https://${host}`
  const headers = { ...alice, origin }
  const ask = (path: string, method = 'GET', body?: unknown) =>
    jsonOf(proxy.authority, { method, path: `/api${path}`, host, headers, body })

  const { status, body: session } = await ask('/agents', 'POST', { spawn: demoSpawn() })
  expect(status).toBe(201)
  expect(session.websocketUrl).toBe(`wss://${host}/ws?token=alice`)
  const { pathname, search } = new URL(session.websocketUrl)
  // As a browser would, which trusts the proxy's certificate.
  const at = (path: string) => `ws://${proxy.authority}${path}`
  const peer = await openPeer(at(pathname + search), { headers: { host, origin } })
  const own = await openPeer(at(`/ws/sessions/${session.id}?token=alice`), { headers: { host, origin } })
  onTestFinished(() => {
    peer.terminate()
    own.terminate()
  })
  await peer.subscribe(`session:${session.id}`)
  const stream = await namedRequest(proxy.authority, {
    path: `/api/agents/${session.id}/stream`,
    host,
    headers,
  })
  const streamed: StreamEvent[] = []
  const reading = (async () => {
    for await (const event of eventsOf(stream)) streamed.push(event)
  })()

  const prompted = await ask(`/agents/${session.id}/prompts`, 'POST', { text: 'echo through' })
  expect(prompted).toMatchObject({ status: 200, body: { stopReason: 'end_turn' } })
  for (const one of [peer, own]) await one.next(({ event }) => event && chunkIn(event.data) === 'through')
  await eventually(() =>
    streamed.some(({ data }) => chunkIn(JSON.parse(data).event?.data ?? {}) === 'through'),
  )
  peer.send({ action: 'terminal.create' })
  await peer.subscribe('terminals')
  await peer.next(({ event }) => event?.type === 'terminal.started')
  expect(await ask(`/agents/${session.id}`, 'DELETE')).toMatchObject({ status: 200 })
  await reading
  expect(streamed.at(-1)?.event).toBe('session.terminated')

  // A page of another name may not, through the proxy either.
  const strange = { ...alice, origin: 'https://evil.example' }
  const named = { method: 'POST', path: '/api/runtimes/local/start', host, headers: strange, body: {} }
  expect((await jsonOf(proxy.authority, named)).status).toBe(403)
  expect(await upgradeStatus(at('/ws?token=alice'), { headers: { host, origin: strange.origin } })).toBe(403)
})
