import { expect, test } from 'vitest'
import { openPlaneApp, someone } from './plane-app.test.support.js'

type Open = Awaited<ReturnType<typeof openPlaneApp>>

const path = '/parley/v1/relay/stream'

/** Reads the stream until `text` is in it. Answers everything that came. */
async function readUntil(reader: ReadableStreamDefaultReader<string>, text: string): Promise<string> {
  let all = ''
  while (!all.includes(text)) {
    const { done, value } = await reader.read()
    if (done) throw new Error(`the stream ended without ${text}: ${all}`)
    all += value
  }
  return all
}

const readerOf = (response: Response) => response.body!.pipeThrough(new TextDecoderStream()).getReader()

const addBot = ({ request }: Open, botId: string) =>
  request('/parley/v1/relay/bots', someone(), {
    method: 'POST',
    body: JSON.stringify({ driver: 'sim', platform: 'telegram', botId }),
  })

const enrol = ({ request }: Open, tenant: string) =>
  request('/parley/v1/relay/gateways', someone(), { method: 'POST', body: JSON.stringify({ tenant }) })

test('tells that something changed, and no word of what', async () => {
  const app = await openPlaneApp()
  const response = await app.request(path, someone())
  const reader = readerOf(response)
  await readUntil(reader, 'event: ready')

  await addBot(app, '7000000001')
  const text = await readUntil(reader, '\n\n')

  expect(response.headers.get('content-type')).toBe('text/event-stream')
  expect(text).toBe('event: relay\ndata: {"kind":"changes"}\n\n')
  await reader.cancel()
})

test('tells when somebody writes on a simulated platform', async () => {
  const app = await openPlaneApp()
  await addBot(app, '7')
  const reader = readerOf(await app.request(path, someone()))
  await readUntil(reader, 'event: ready')

  await app.request('/parley/v1/relay/bots/telegram/7/sim/users', someone(), {
    method: 'POST',
    body: JSON.stringify({ id: 'ada', name: 'Ada' }),
  })

  expect(await readUntil(reader, '\n\n')).toBe('event: relay\ndata: {"kind":"sim"}\n\n')
  await reader.cancel()
})

test('a tenant hears of its own alone', async () => {
  const app = await openPlaneApp()
  const reader = readerOf(await app.request(path, someone({ org: 'acme' })))
  await readUntil(reader, 'event: ready')

  await enrol(app, 'globex')
  await enrol(app, 'acme')
  const text = await readUntil(reader, '\n\n')
  await app.clock.advance(250)

  expect(text).toBe('event: relay\ndata: {"kind":"changes"}\n\n')
  // What was told is all there was: the next thing is the heartbeat.
  await app.clock.advance(15_000)
  expect(await readUntil(reader, '\n\n')).toBe(': \n\n')
  await reader.cancel()
})

test('nobody without the scope, and no other tenant, gets a stream', async () => {
  const { request } = await openPlaneApp()

  const status = async (...given: Parameters<typeof request>) => (await request(...given)).status
  expect(await status(path, { ...someone(), scopes: ['threads:read'] })).toBe(403)
  expect(await status(`${path}?tenant=globex`, someone({ org: 'acme' }))).toBe(403)
  expect(await status(path, someone({ team: 'blue' }))).toBe(403)
  expect(await status(path, null as never)).toBe(401)
})

test('a reader who leaves gives its place back', async () => {
  const app = await openPlaneApp()
  const who = { ...someone(), scopes: ['relay:read'] }
  const response = await app.request(path, who)
  const reader = readerOf(response)
  await readUntil(reader, 'event: ready')
  expect(response.status).toBe(200)

  await reader.cancel()

  // The place is given back: more than a hundred streams, one after another.
  for (let times = 0; times < 110; times++) {
    const next = await app.request(path, who)
    expect(next.status).toBe(200)
    await next.body!.cancel()
  }
})
