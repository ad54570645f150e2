import { connect } from 'node:net'
import { eventually } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import { openDoor, openServer } from './door.test.support.js'

const most = 26_214_400

describe('a file', () => {
  // proves: relay.f28
  it('comes back as it went, with its name and type, and is never shown', async () => {
    const { ask, app, tokenOf } = await openDoor()
    const token = await tokenOf('gw-1')
    const bytes = new Uint8Array(200_000).map((_byte, index) => index * 7)
    const headers = { 'content-type': 'image/png', 'x-media-filename': 'log "1".png' }

    const stored = await ask('POST', '/relay/media', { token, body: bytes, headers })
    const request = new Request(`http://c.example/relay/media/${stored.body.id}`, {
      headers: { authorization: `Bearer ${token}` },
    })
    const read = await app.fetch(request, { remoteAddress: '', requestId: '' })

    expect([stored.status, stored.body]).toEqual([
      200,
      { id: expect.stringMatching(/^[0-9a-f]{32}$/), size: 200_000 },
    ])
    expect(Buffer.from(await read.arrayBuffer()).equals(Buffer.from(bytes))).toBe(true)
    expect(Object.fromEntries(read.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': '200000',
      'content-disposition': `attachment; filename="log _1_.png"; filename*=UTF-8''log%20%221%22.png`,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
    const head = await ask('HEAD', `/relay/media/${stored.body.id}`, { token })
    expect([head.status, head.text, head.headers.get('content-length')]).toEqual([200, '', '200000'])
  })

  // proves: relay.f28
  it('of another tenant looks like none', async () => {
    const { ask, tokenOf } = await openDoor()
    const { id } = (await ask('POST', '/relay/media', { token: await tokenOf('gw-1'), body: 'x' })).body
    const read = async (gatewayId: string, name = id) => {
      const { status, text } = await ask('GET', `/relay/media/${name}`, { token: await tokenOf(gatewayId) })
      return [status, text]
    }

    expect(await read('gw-2')).toEqual([200, 'x'])
    const none = [404, '{"error":"not found"}']
    expect(await read('gw-3')).toEqual(none)
    for (const name of ['0'.repeat(32), id.toUpperCase().replace(/^./, 'G'), `${id}0`, '..%2f..', '%00', 'x'])
      expect(await read('gw-1', name)).toEqual(none)
  })

  it('without a byte is refused', async () => {
    const { ask, tokenOf } = await openDoor()
    const token = await tokenOf('gw-1')
    for (const body of [undefined, '', new Uint8Array(0)]) {
      const answer = await ask('POST', '/relay/media', { token, body })
      expect([answer.status, answer.body]).toEqual([400, { error: 'the body is empty' }])
    }
  })

  it.each([
    ['text/html; charset=utf-8', 'text/html; charset=utf-8'],
    ['image', 'application/octet-stream'],
    ['', 'application/octet-stream'],
    [`a/${'b'.repeat(300)}`, 'application/octet-stream'],
  ])('of the type %j is kept as %s', async (sent, kept) => {
    const { ask, tokenOf, files } = await openDoor()
    const body = new Uint8Array([1])
    await ask('POST', '/relay/media', {
      token: await tokenOf('gw-1'),
      body,
      headers: { 'content-type': sent },
    })
    expect([...files.values()][0]?.mime).toBe(kept)
  })

  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\temp\\a.txt', 'a.txt'],
    [Buffer.from('Grüße.txt').toString('latin1'), 'Grüße.txt'],
    ['Gr\u00fc\u00dfe.txt', 'Grüße.txt'],
    ['x'.repeat(300), 'x'.repeat(255)],
    ['a\tb', 'ab'],
  ])('named %j is called %j', async (sent, kept) => {
    const { ask, tokenOf, files } = await openDoor()
    await ask('POST', '/relay/media', {
      token: await tokenOf('gw-1'),
      body: 'x',
      headers: { 'x-media-filename': sent },
    })
    expect([...files.values()][0]?.filename).toBe(kept)
  })
})

describe('a file that is too large', () => {
  // proves: relay.f28
  it('is refused before it is read when it says so', async () => {
    const { port, tokenOf, taken } = await openServer()
    const answer = await post(port, await tokenOf('gw-1'), `content-length: ${most + 1}`, async () => {})

    expect(answer).toMatch(/^HTTP\/1.1 413 /)
    expect(answer).toContain('{"error":"media is limited to 26214400 bytes"}')
    expect(taken.bytes).toBe(0)
  })

  // proves: relay.f28
  it('is refused at the first byte too many when it does not', async () => {
    const { port, tokenOf, files, taken } = await openServer()
    const token = await tokenOf('gw-1')
    const piece = Buffer.alloc(65_536, 1)
    const whole = (size: number) => async (write: (bytes: Buffer) => Promise<void>) => {
      for (let sent = 0; sent < size; sent += piece.length) await write(piece.subarray(0, size - sent))
    }

    const right = await post(port, token, 'transfer-encoding: chunked', whole(most))
    expect(right).toMatch(/^HTTP\/1.1 200 /)
    expect([...files.values()].map(({ bytes }) => bytes.length)).toEqual([most])
    taken.bytes = 0

    const wrong = await post(port, token, 'transfer-encoding: chunked', whole(most + 1))
    expect(wrong).toMatch(/^HTTP\/1.1 413 /)
    expect(taken.bytes).toBeLessThanOrEqual(most)
    expect(files.size).toBe(1)
  })

  it('ends where its sender went away', async () => {
    const { port, tokenOf, files, taken, faults } = await openServer()
    const token = await tokenOf('gw-1')
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write(headOf(token, 'content-length: 1000'))
    socket.write('x'.repeat(500))
    await eventually(() => taken.bytes === 500)
    socket.destroy()

    await eventually(() => taken.failed.length === 1)
    expect(taken.failed).toMatchObject([{ code: 'relay.invalid_request' }])
    expect([files.size, faults]).toEqual([0, []])
  })
})

const headOf = (token: string, header: string): string =>
  `POST /relay/media HTTP/1.1\r\nhost: c.example\r\nauthorization: Bearer ${token}\r\n${header}\r\n\r\n`

/** Sends a body piece by piece, chunked unless its length is declared, and answers all that came back. */
async function post(
  port: number,
  token: string,
  header: string,
  body: (write: (bytes: Buffer) => Promise<void>) => Promise<void>,
): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let seen = ''
  let isClosed = false
  socket.on('data', (data) => {
    seen += data.toString()
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    isClosed = true
  })
  socket.write(headOf(token, header))
  const isChunked = header.startsWith('transfer')
  await body(async (bytes) => {
    if (isClosed || seen !== '') return
    const framed = isChunked
      ? Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])
      : bytes
    if (!socket.write(framed)) await eventually(() => !socket.writableNeedDrain || isClosed || seen !== '')
  })
  if (isChunked && !isClosed) socket.write('0\r\n\r\n')
  await eventually(() => /\r\n\r\n.*}/s.test(seen) || isClosed)
  socket.destroy()
  return seen
}
