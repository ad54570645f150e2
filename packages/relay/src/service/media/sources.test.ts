import { afterEach, expect, it } from 'vitest'
import { limits } from '../../protocol/index.js'
import { closeAll, never, openMedia, serve } from './media.test.support.js'

afterEach(closeAll)

it('loads a public file after redirects, with its name and type', async () => {
  const asked: string[] = []
  const base = await serve((request, response) => {
    asked.push(`${request.url} ${request.headers['user-agent'] ?? ''}`)
    if (request.url === '/a') return response.writeHead(302, { location: '/b' }).end()
    response.setHeader('content-type', 'Text/Plain; charset=utf-8')
    if (request.url === '/named')
      response.setHeader('content-disposition', 'attachment; filename="../re\\"port.txt"')
    if (request.url === '/encoded')
      response.setHeader('content-disposition', "inline; filename*=UTF-8''%C3%A9.txt")
    return response.end('hello')
  })
  const { media } = await openMedia({ allowPrivateAddresses: true })

  const file = await media.fetchSource(`${base}/a`, 'a', never)
  const named = await media.fetchSource(`${base}/named`, 'a', never)
  const encoded = await media.fetchSource(`${base}/encoded`, 'a', never)

  expect(file).toEqual({ bytes: expect.anything(), mime: 'text/plain', filename: 'b' })
  expect(Buffer.from(file.bytes).toString()).toBe('hello')
  expect([named.filename, encoded.filename]).toEqual(['re"port.txt', 'é.txt'])
  expect(asked[1]).toMatch(/^\/b .*Parley/)
})

// proves: relay.s12
it.each([
  'http://127.0.0.1:PORT/',
  'http://localhost:PORT/',
  'http://[::1]:PORT/',
  'http://169.254.169.254/latest/meta-data/',
  'http://10.0.0.7/',
  'http://files.example:PORT/',
])('does not load %s', async (url) => {
  let hits = 0
  const base = await serve((_, response) => response.end(String(hits++)))
  const { media } = await openMedia()
  const source = url.replace('PORT', new URL(base).port)

  const refusal = await media.fetchSource(source, 'a', never).catch((error) => error)

  expect(refusal).toMatchObject({ code: 'delivery.address_not_allowed' })
  expect(`${refusal.message} ${JSON.stringify(refusal.details)}`).not.toMatch(/\d+\.\d+/)
  expect(hits).toBe(0)
})

// proves: relay.s12
it('follows three redirects at most, and none to where it may not go', async () => {
  const base = await serve((request, response) => {
    const left = Number(request.url?.slice(1))
    const location = left > 0 ? `/${left - 1}` : request.url === '/private' ? 'http://10.0.0.1/' : ''
    if (location) response.writeHead(302, { location })
    response.end('arrived')
  })
  const { media } = await openMedia({ allowPrivateAddresses: ['127.0.0.1'] })
  const at = (path: string) =>
    media.fetchSource(base + path, 'a', never).then(
      () => 'loaded',
      (error) => error.code as string,
    )

  expect(await Promise.all(['/3', '/4', '/private'].map(at))).toEqual([
    'loaded',
    'delivery.redirected',
    'delivery.address_not_allowed',
  ])
})

it('refuses what is too large, empty, slow, not there or no address', async () => {
  const arrived: string[] = []
  const base = await serve((request, response) => {
    arrived.push(request.url ?? '')
    if (request.url === '/slow') return response.write('a')
    if (request.url === '/missing') response.statusCode = 404
    const size =
      request.url === '/large' ? limits.mediaBytes + 1 : request.url === '/most' ? limits.mediaBytes : 0
    return response.end(Buffer.alloc(size))
  })
  const { media, clock } = await openMedia({ allowPrivateAddresses: true })
  const at = (url: string) => media.fetchSource(url, 'a', never).catch((error) => error)

  expect(await at(`${base}/large`)).toMatchObject({ code: 'relay.media_too_large' })
  expect((await at(`${base}/most`)).bytes.length).toBe(limits.mediaBytes)
  expect(await at(`${base}/empty`)).toMatchObject({ code: 'relay.empty_media' })
  expect(await at(`${base}/missing`)).toMatchObject({ message: 'source_url answered 404' })
  for (const url of [
    '',
    'data:text/plain,x',
    'file:///etc/passwd',
    '//files.example/',
    'http://u:p@files.example/',
  ])
    expect(await at(url)).toMatchObject({ code: 'delivery.invalid_address' })
  const slow = at(`${base}/slow`)
  while (!arrived.includes('/slow')) await new Promise((resolve) => setImmediate(resolve))
  await clock.advance(limits.mediaFetchMs)
  expect(await slow).toMatchObject({ code: 'delivery.timed_out' })
})

it('ends with the reason of its signal, also while it waits for its turn', async () => {
  const open4: (() => void)[] = []
  const base = await serve((_, response) => open4.push(() => response.end('x')))
  const { media } = await openMedia({ allowPrivateAddresses: true })
  const controller = new AbortController()
  const load = (tenant: string, signal = never) => media.fetchSource(`${base}/${tenant}`, tenant, signal)

  const four = [1, 2, 3, 4].map(() => load('a'))
  const fifth = load('a')
  const givenUp = load('a', controller.signal)
  const ofB = load('b')
  while (open4.length < 5) await new Promise((resolve) => setImmediate(resolve))
  controller.abort(new Error('no longer wanted'))
  await expect(givenUp).rejects.toThrow('no longer wanted')
  for (const answer of open4.splice(0)) answer()
  await Promise.all([...four, ofB])
  while (open4.length < 1) await new Promise((resolve) => setImmediate(resolve))
  for (const answer of open4.splice(0)) answer()

  expect((await fifth).bytes.length).toBe(1)
})
