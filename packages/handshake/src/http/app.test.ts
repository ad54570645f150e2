import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { listen } from '../peer.test.support.js'
import { formOf, openPlane } from '../plane.test.support.js'

describe('every answer', () => {
  test('is JSON that nobody keeps, refusals included', async () => {
    const plane = await openPlane()
    const page = await plane.create()
    const answers = [
      await plane.context(page),
      await plane.context(page, 'wrong'),
      await plane.call('GET', '/handshake/nowhere'),
      await plane.call('PUT', page.contextUrl),
      await plane.call('POST', page.actionUrl, { token: page.token, body: '{' }),
    ]

    expect(answers.map(({ status }) => status)).toEqual([200, 403, 404, 405, 400])
    for (const { headers, status, body } of answers) {
      expect(headers.get('content-type')).toBe('application/json')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      if (status !== 200) expect(Object.keys(body)).toEqual(['error'])
    }
    expect(answers[3]?.headers.get('allow')).toContain('GET')
    expect(answers.slice(1).map(({ body }) => body.error)).toEqual([
      'invalid token',
      'not found',
      'method not allowed',
      'malformed JSON',
    ])
  })
})

describe('tokens', () => {
  // proves: handshake.h04
  test('come in the header or the query, and the header wins', async () => {
    const { call, create } = await openPlane()
    const { contextUrl, token } = await create()
    const status = async (path: string, options = {}) => (await call('GET', path, options)).status

    expect(await status(`${contextUrl}?token=${token}`)).toBe(200)
    expect(await status(`${contextUrl}?token=${token}`, { token: 'wrong' })).toBe(403)
    expect(await status(`${contextUrl}?token=wrong`, { token })).toBe(200)
    expect(await status(`${contextUrl}?token=${token}`, { token: '' })).toBe(200)
    expect(await status(`${contextUrl}?token=${encodeURIComponent('ключ 🔑')}`)).toBe(403)
    expect(await status(contextUrl, { token: 'clé-ÿ' })).toBe(403)
    expect(await status(`${contextUrl}?token=%zz`)).toBe(403)
    expect(await status(contextUrl)).toBe(403)
  })

  test('in a query are not read where that is turned off', async () => {
    const { call, create } = await openPlane({ queryToken: 'deny' })
    const { contextUrl, token } = await create()

    expect((await call('GET', `${contextUrl}?token=${token}`)).status).toBe(403)
    expect((await call('GET', contextUrl, { token })).status).toBe(200)
  })
})

describe('ids', () => {
  test.each(['%zz', '..%2f..', '%00', 'A'.repeat(32), 'a'.repeat(31), `${'a'.repeat(32)}%20`, 'é'])(
    'such as %s are unknown sessions',
    async (id) => {
      const { call } = await openPlane()

      const { status, body } = await call('GET', `/handshake/context/${id}`, { token: 'x' })

      expect([status, body]).toEqual([404, { error: expect.stringMatching(/not found/) }])
    },
  )

  test('may be percent-encoded', async () => {
    const { call, create } = await openPlane()
    const { id, token } = await create()
    const encoded = `%${id.charCodeAt(0).toString(16)}${id.slice(1)}`

    expect((await call('GET', `/handshake/context/${encoded}`, { token })).status).toBe(200)
  })
})

describe('methods', () => {
  test('HEAD answers like GET without a body', async () => {
    const { call, create } = await openPlane()
    const { contextUrl, token } = await create()

    const { status, body } = await call('HEAD', contextUrl, { token })

    expect([status, body]).toEqual([200, { text: '' }])
    expect((await call('HEAD', contextUrl)).status).toBe(403)
  })

  // proves: handshake.h30
  test('OPTIONS is answered for allowed origins only', async () => {
    const { call } = await openPlane({ allowedOrigins: ['https://ok.example'] })
    const preflight = (origin?: string) =>
      call('OPTIONS', '/handshake/session', { headers: origin ? { origin } : {} })

    const ok = await preflight('https://ok.example')
    expect(ok.status).toBe(204)
    expect(ok.headers.get('access-control-allow-origin')).toBe('https://ok.example')
    expect(ok.headers.get('access-control-allow-headers')).toContain('x-handshake-token')
    const evil = await preflight('https://evil.example')
    expect([evil.status, evil.headers.get('access-control-allow-origin')]).toEqual([403, null])
  })
})

test('a prefix of ones own is answered, and the old one for agents that know no other', async () => {
  const plane = await openPlane({ prefix: '/hs/', wsPrefix: '/sockets/hs/' })
  const { status, body } = await plane.call('POST', '/hs/session', { body: formOf('a') })

  expect(status).toBe(200)
  expect(body).toMatchObject({ contextUrl: `/hs/context/${body.sessionId}` })
  expect(body.wsUrl).toMatch(/^\/sockets\/hs\/[0-9a-f]{32}\/[\w-]{32}$/)
  for (const prefix of ['/hs', '/handshake'])
    expect(
      (await plane.call('GET', `${prefix}/context/${body.sessionId}`, { token: body.token })).status,
    ).toBe(200)
})

test('the server writes the prompt for whoever brings the token to print', async () => {
  const plane = await openPlane({ publicUrl: 'https://parley.example' })
  const page = await plane.create(formOf('a'))
  const prompt = (query: string, options: object) =>
    plane.call('GET', `/handshake/prompt/${page.id}${query}`, options)

  const english = await prompt('', { key: page.key, token: page.token })
  const chinese = await prompt('?lang=zh', { key: page.key, token: page.token })

  for (const { body } of [english, chinese]) {
    expect(body.text).toContain(`- sessionId: ${page.id}`)
    expect(body.text).toContain(`- token: ${page.token}`)
    expect(body.text).toContain('- baseUrl: https://parley.example')
  }
  expect((await prompt('', { key: page.key, token: 'wrong' })).body).toEqual({ error: 'invalid token' })
  expect((await prompt('', { token: page.token })).body).toEqual({ error: 'browser auth failed' })
})

describe('a body past the limit', () => {
  test('is refused on the wire, chunked or not, and the server goes on', async () => {
    const plane = await openPlane({ limits: { bodyBytes: 1000 } })
    const { port } = new URL(await listen(plane.handshake))
    const head = 'POST /handshake/session HTTP/1.1\r\nhost: x\r\n'
    const tooMuch = 'x'.repeat(1000)
    const chunk = `3e8\r\n${tooMuch}\r\n`

    const whole = await send(Number(port), `${head}content-length: 2000\r\n\r\n${tooMuch}${tooMuch}`)
    const chunked = await send(
      Number(port),
      `${head}transfer-encoding: chunked\r\n\r\n${chunk}${chunk}${chunk}0\r\n\r\n`,
    )
    const endless = await send(Number(port), `${head}transfer-encoding: chunked\r\n\r\n${chunk}${chunk}`)

    for (const answer of [whole, chunked, endless]) {
      expect(answer).toMatch(/^HTTP\/1.1 413 /)
      expect(answer).toContain('{"error":"request body too large"}')
    }
    expect((await plane.call('POST', '/handshake/session', { body: {} })).status).toBe(200)
  })
})

/** Sends bytes as they are; answers everything up to the end of the first answer's body. */
function send(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    let answer = ''
    const done = () => {
      socket.destroy()
      resolve(answer)
    }
    socket.on('data', (data) => {
      answer += data
      if (answer.includes('}')) done()
    })
    socket.on('end', done)
    socket.on('error', reject)
  })
}
