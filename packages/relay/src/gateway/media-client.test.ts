import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fakeClock } from '@parley/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'
import { limits } from '../protocol/index.js'
import { anEvent } from './conformance/subject.js'
import { type Asked, fakeFetch, json } from './http-edge.test.support.js'
import { createMediaClient } from './media-client.js'
import { mintToken } from './mint.js'

const id = '7c9e6679f1c24d6e9b1d0a2b3c4d5e6f'
const own = `https://c.example/relay/media/${id}`
const credential = { gatewayId: 'gw-1', secret: '0f'.repeat(32) }

function opened(answer: (asked: Asked) => Response | Promise<Response> = () => json({ id, size: 3 })) {
  const clock = fakeClock()
  const reports: string[] = []
  const { asked, fetch } = fakeFetch(answer)
  const client = createMediaClient({
    ...credential,
    url: 'wss://c.example/relay',
    fetch,
    clock,
    report: (message) => reports.push(message),
  })
  return { client, asked, clock, reports, bearer: `Bearer ${mintToken(credential, clock)}` }
}

// proves: relay.f28
describe('uploading', () => {
  test('sends the bytes, their type and name with a fresh token', async () => {
    const { client, asked, bearer, clock } = opened()

    const stored = await client.upload({
      bytes: new Uint8Array([1, 2, 3]),
      mime: 'text/plain',
      filename: 'é.txt',
    })

    expect(stored).toEqual({ id, size: 3, url: own })
    const [{ url, method, headers, body }] = asked as [Asked]
    expect([url, method, body]).toEqual(['https://c.example/relay/media', 'POST', '\u0001\u0002\u0003'])
    expect(headers.get('authorization')).toBe(bearer)
    expect(headers.get('content-type')).toBe('text/plain')
    expect(Buffer.from(headers.get('x-media-filename')!, 'latin1').toString()).toBe('é.txt')
    expect(headers.get('user-agent')).toMatch(/^parley-relay/)
    expect(clock.pending).toBe(0)
  })

  test('refuses what is too large before it is sent', async () => {
    const { client, asked } = opened()

    const upload = client.upload({ bytes: new Uint8Array(limits.mediaBytes + 1) })

    await expect(upload).rejects.toMatchObject({ status: 413 })
    expect(asked).toEqual([])
  })

  test.each([
    [() => json({ error: 'payload too large' }, 413), 413],
    [() => json({}), 502],
  ])('throws when it was not stored', async (answer, status) => {
    await expect(opened(answer).client.upload({ bytes: new Uint8Array(1) })).rejects.toMatchObject({ status })
  })

  test('cuts a name to 255 characters, without what could end a header', async () => {
    const { client, asked } = opened()

    await client.upload({ bytes: new Uint8Array(1), filename: `a\r\nb${'x'.repeat(300)}` })

    const sent = asked[0]!.headers.get('x-media-filename')!
    expect(sent).toHaveLength(255)
    expect(sent.startsWith('a  bx')).toBe(true)
  })
})

describe('downloading', () => {
  test('answers bytes and type', async () => {
    const { client, asked, bearer } = opened(
      () => new Response(new Uint8Array([9]), { headers: { 'content-type': 'image/png' } }),
    )

    expect(await client.download(own)).toEqual({ bytes: Buffer.from([9]), mime: 'image/png' })
    expect(asked[0]!.headers.get('authorization')).toBe(bearer)
    expect(asked[0]!.redirect).toBe('error')
  })

  // proves: relay.s13
  test.each([
    'https://evil.example/relay/media/x',
    `https://evil.example/?${own}`,
    'http://c.example/relay/media/x',
    'https://c.example:8443/relay/media/x',
    'https://c.example/manage/wake',
  ])('never shows the token to %s', async (url) => {
    const { client, asked } = opened()

    await expect(client.download(url)).rejects.toMatchObject({ status: 400 })
    await client.filesOf({ ...anEvent('x'), media_urls: [url] })

    expect(asked).toEqual([])
  })

  // proves: relay.s13
  test('does not follow a redirect with the token', async () => {
    const paths: string[] = []
    const server = createServer((request, response) => {
      paths.push(request.url ?? '')
      response.writeHead(302, { location: '/elsewhere' }).end()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    // The cast: a server that listens on a port has one.
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const client = createMediaClient({ ...credential, url })

    await expect(client.download(`${url}/relay/media/${id}`)).rejects.toThrow()

    expect(paths).toEqual([`/relay/media/${id}`])
  })

  test('stops at the limit, whatever was announced', async () => {
    const endless = () =>
      new Response(
        new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1_048_576)) }),
      )

    await expect(opened(endless).client.download(own)).rejects.toMatchObject({ status: 413 })
  })

  test('gives up after 30 s', async () => {
    const clock = fakeClock()
    const never = (_: unknown, init: RequestInit = {}) =>
      new Promise<Response>((_resolve, reject) => {
        init.signal?.addEventListener('abort', () => reject(init.signal?.reason))
      })
    const client = createMediaClient({ ...credential, url: 'https://c.example', clock, fetch: never })
    const outcome = expect(client.download(own)).rejects.toThrow('timed out')

    await clock.advance(30_000)

    await outcome
  })
})

describe('the files of a message', () => {
  test('lose what can not be had, and keep the type of what can', async () => {
    const { client, reports } = opened(({ url }) =>
      url.endsWith('/dead') ? json({ error: 'not found' }, 404) : new Response(new Uint8Array([7])),
    )
    const item = { kind: 'image', mime: 'image/png', size: 1, filename: 'a.png', caption: '' }
    const urls = ['https://c.example/relay/media/dead', 'https://cdn.example/b.jpg', own]

    const files = await client.filesOf({
      ...anEvent('x'),
      media_urls: urls,
      media: urls.map((url) => ({ ...item, url })),
    })

    expect(files).toEqual([
      { ...item, url: urls[1] },
      { ...item, url: own, bytes: Buffer.from([7]) },
    ])
    expect(reports).toHaveLength(1)
  })

  test('of a message without any are none', async () => {
    expect(await opened().client.filesOf(anEvent('x'))).toEqual([])
  })
})
