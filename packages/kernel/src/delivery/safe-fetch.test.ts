import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fakeClock } from '@parley/testkit'
import { afterEach, expect, it } from 'vitest'
import { createGuardedFetch, type GuardedFetchOptions } from './safe-fetch.js'

const cleanUp: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo()
})

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  cleanUp.push(async () => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

function guardWith(options: Partial<GuardedFetchOptions> = {}) {
  const clock = fakeClock()
  const guard = createGuardedFetch({ clock, resolve: resolvesTo('127.0.0.1'), ...options })
  cleanUp.push(() => guard.close())
  return { ...guard, clock }
}

const resolvesTo =
  (...addresses: string[]) =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

const notAllowed = [
  'http://127.0.0.1/',
  'http://127.1/',
  'http://2130706433/',
  'http://0x7f000001/',
  'http://0x7f.0.0.1/',
  'http://0177.0.0.1/',
  'http://017700000001/',
  'http://127.0.0.1./',
  'http://0/',
  'http://0.0.0.0:22/',
  'http://127.0.0.1:65535/',
  'http://１２７.0.0.1/',
  'http://127。0。0。1/',
  'http://①②⑦.0.0.1/',
  'http://%31%32%37.0.0.1/',
  'http:\\\\127.0.0.1\\',
  'http:127.0.0.1',
  'https://10.0.0.1/',
  'http://169.254.169.254/latest/meta-data/',
  'http://[::1]/',
  'http://[::]/',
  'http://[0:0:0:0:0:0:0:1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:7f00:1]/',
  'http://[::127.0.0.1]/',
  'http://[64:ff9b::7f00:1]/',
  'http://[2002:7f00:1::]/',
  'http://[2001:0:4136:e378:8000:63bf:80ff:fffe]/',
  'http://[fe80::1]/',
  'http://[fd00:ec2::254]/',
  'http://localhost/',
  'http://localhost./',
  'http://LOCALHOST:3000/',
  'http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/',
  'http://x.localhost/',
  'http://looks-public.example/',
  'http://bücher.example/',
  'http://example.com#@127.0.0.1/',
]

it.each(notAllowed)('does not send to %s', async (url) => {
  let hits = 0
  const port = await serve((_, response) => response.end(String(hits++)))
  const guard = guardWith()
  const withPort = Object.assign(new URL(url), { port: String(port) }).href

  const refusals = await Promise.all(
    [guard.fetch(url), guard.fetch(withPort), guard.assertAllowed(url)].map((call) =>
      call.catch((error) => error),
    ),
  )

  for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'delivery.address_not_allowed' })
  expect(String(refusals[0].message)).not.toMatch(/\d+\.\d+/)
  expect(hits).toBe(0)
})

const invalid = [
  '',
  'example.com',
  '//example.com/',
  'ftp://example.com/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/plain,x',
  'http://',
  'http://user@example.com/',
  'http://user:password@example.com/',
  'http://example.com@127.0.0.1/',
  'http://:password@example.com/',
  'http://[fe80::1%25eth0]/',
  'http://[::ffff:127.0.0.1/',
  'http://256.0.0.1/',
  'http://exa mple.com/',
  'http://example.com:99999/',
]

it.each(invalid)('does not take %j for an address', async (url) => {
  await expect(guardWith().fetch(url)).rejects.toMatchObject({ code: 'delivery.invalid_address' })
})

it('refuses a host of which one address is not public', async () => {
  const guard = guardWith({ resolve: resolvesTo('8.8.8.8', '::ffff:10.0.0.1') })

  await expect(guard.fetch('http://mixed.example/')).rejects.toMatchObject({
    code: 'delivery.address_not_allowed',
  })
})

it('connects to the addresses that were checked, and resolves once', async () => {
  const port = await serve((request, response) => response.end(`host ${request.headers.host}`))
  let look = 0
  const resolve = async () => resolvesTo(look++ === 0 ? '127.0.0.1' : '10.0.0.1')()
  const guard = guardWith({ resolve, allowPrivate: ['127.0.0.0/8'] })

  const { status, body } = await guard.fetch(`http://hooks.example:${port}/`)

  expect([status, Buffer.from(body).toString(), look]).toEqual([200, `host hooks.example:${port}`, 1])
})

it('allows what the setting names', async () => {
  const port = await serve((_, response) => response.end('ok'))

  for (const allowPrivate of [true, ['127.0.0.1'], ['hooks.example', '127.0.0.0/8']])
    for (const host of ['127.0.0.1', 'hooks.example'])
      expect((await guardWith({ allowPrivate }).fetch(`http://${host}:${port}/`)).status).toBe(200)
  await expect(
    guardWith({ allowPrivate: ['hooks.example'] }).fetch(`http://127.0.0.1:${port}/`),
  ).rejects.toMatchObject({
    code: 'delivery.address_not_allowed',
  })
})

it('follows no redirect', async () => {
  const port = await serve((_, response) =>
    response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
  )

  await expect(guardWith({ allowPrivate: true }).fetch(`http://h.example:${port}/`)).rejects.toMatchObject({
    code: 'delivery.redirected',
    details: { status: 302 },
  })
})

it('follows as many redirects as it is told to, each to an address that is allowed', async () => {
  const asked: string[] = []
  const port = await serve((request, response) => {
    asked.push(`${request.headers.host} ${request.url}`)
    const next = { '/1': '/2', '/2': `http://g.example:${port}/3`, '/5': 'ftp://x/' }
    const location = next[request.url as '/1']
    if (location) response.writeHead(302, { location })
    response.end('arrived')
  })
  const guard = guardWith({ allowPrivate: ['127.0.0.1'] })
  const at = (path: string, redirects?: number, method?: 'POST') =>
    guard.fetch(`http://g.example:${port}${path}`, { redirects, method }).catch((error) => error)

  expect(await at('/1', 2)).toMatchObject({ url: `http://g.example:${port}/3`, status: 200 })
  expect(asked).toEqual(['/1', '/2', '/3'].map((path) => `g.example:${port} ${path}`))
  for (const refused of [await at('/1', 1), await at('/1'), await at('/1', 2, 'POST')])
    expect(refused).toMatchObject({ code: 'delivery.redirected', details: { status: 302 } })
  expect(await at('/5', 2)).toMatchObject({ code: 'delivery.invalid_address' })
})

it.each(['http://127.0.0.2:1/', 'http://169.254.169.254/latest/', 'http://[::1]/', 'http://inside.example/'])(
  'does not follow a redirect to %s',
  async (location) => {
    let hits = 0
    const port = await serve((_, response) => {
      hits += 1
      response.writeHead(302, { location }).end()
    })
    const resolve = async (host: string) => resolvesTo(host === 'g.example' ? '127.0.0.1' : '10.0.0.1')()
    const guard = guardWith({ resolve, allowPrivate: ['127.0.0.1'] })

    await expect(guard.fetch(`http://g.example:${port}/`, { redirects: 3 })).rejects.toMatchObject({
      code: 'delivery.address_not_allowed',
    })
    expect(hits).toBe(1)
  },
)

it('reads nothing of a body when nothing is wanted', async () => {
  const port = await serve((_, response) => {
    response.write('an answer that never ends')
  })

  const answer = await guardWith({ allowPrivate: true, maxBodyBytes: 0 }).fetch(`http://h.example:${port}/`)

  expect([answer.status, answer.body.length]).toEqual([200, 0])
})

it('sends method, headers and body, and reads a bounded answer', async () => {
  const port = await serve((request, response) => {
    response.write(`${request.method} ${request.headers['x-a']} `)
    request.on('data', (chunk) => response.write(`${chunk} `))
    request.on('end', () => response.end('x'.repeat(100_000)))
  })
  const guard = guardWith({ allowPrivate: true, maxBodyBytes: 20 })

  const answer = await guard.fetch(`http://h.example:${port}/`, {
    method: 'POST',
    headers: { 'x-a': '1' },
    body: 'hello',
  })

  expect([Buffer.from(answer.body).toString(), answer.isTruncated]).toEqual(['POST 1 hello xxxxxxx', true])
})

it('waits a bounded time for headers, and for everything', async () => {
  const asked: string[] = []
  const port = await serve((request, response) => {
    asked.push(request.url ?? '')
    if (request.url === '/slow-body') response.write('a')
  })
  const guard = guardWith({ allowPrivate: true })
  const at = (path: string) => guard.fetch(`http://h.example:${port}${path}`).catch((error) => error)
  const arrived = async (count: number) => {
    while (asked.length < count) await new Promise((resolve) => setImmediate(resolve))
  }

  const noHeaders = at('/no-headers')
  await arrived(1)
  await guard.clock.advance(10_000)
  expect(await noHeaders).toMatchObject({ code: 'delivery.timed_out' })

  const slowBody = at('/slow-body')
  await arrived(2)
  await guard.clock.advance(30_000)
  expect(await slowBody).toMatchObject({ code: 'delivery.timed_out' })
  expect(guard.clock.pending).toBe(0)
})

it('ends with the reason of its signal', async () => {
  const controller = new AbortController()
  const port = await serve(() => controller.abort(new Error('no longer wanted')))

  const call = guardWith({ allowPrivate: true }).fetch(`http://h.example:${port}/`, {
    signal: controller.signal,
  })

  await expect(call).rejects.toThrow('no longer wanted')
})

it('tells what failed without an address', async () => {
  const port = await serve((request) => request.socket.destroy())
  const guard = guardWith({ allowPrivate: true })

  const broken = await guard.fetch(`http://h.example:${port}/`).catch((error) => error)
  const closed = await guard.fetch('http://h.example:1/').catch((error) => error)
  const unknown = await guardWith({
    resolve: async () => {
      throw new Error('ENOTFOUND')
    },
  })
    .fetch('http://h.example/')
    .catch((error) => error)

  expect(broken).toMatchObject({ code: 'delivery.unreachable' })
  expect(closed).toMatchObject({ code: 'delivery.unreachable', details: { reason: 'ECONNREFUSED' } })
  expect(closed.message).not.toContain('127.0.0.1')
  expect(unknown).toMatchObject({ code: 'delivery.host_not_found' })
})
