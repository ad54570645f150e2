import { describe, expect, it } from 'vitest'
import { redact } from './redact.js'
import { redactUrl } from './redact-url.js'

describe('a URL in a log', () => {
  it.each([
    ['/ws/handshake/s1?token=abc&lang=en', '/ws/handshake/s1?token=[redacted]&lang=en'],
    ['/x?lang=en&api_key=abc#code=def', '/x?lang=en&api_key=[redacted]#code=[redacted]'],
    ['/x?browserKey=abc', '/x?browserKey=[redacted]'],
    ['/x?TOKEN=abc', '/x?TOKEN=[redacted]'],
    ['/x?tokens=abc&keyboard=qwerty', '/x?tokens=abc&keyboard=qwerty'],
    ['postgres://ada:pw@db/parley', 'postgres://[redacted]@db/parley'],
    [
      'GET http://x/?code=1 failed, then http://y/?code=2',
      'GET http://x/?code=[redacted] failed, then http://y/?code=[redacted]',
    ],
    ['/plain/path', '/plain/path'],
  ])('%s is written as %s', (url, expected) => {
    expect(redactUrl(url)).toBe(expected)
  })

  it('loses secret path segments that are named', () => {
    const paths = ['/hooks/:secret', '/manage/:tenant/link.:x', '/a/:one/b/:two']

    expect(redactUrl('https://x/hooks/s3cr3t/in?a=1', paths)).toBe('https://x/hooks/[redacted]/in?a=1')
    expect(redactUrl('/hooks/s3cr3t', paths)).toBe('/hooks/[redacted]')
    expect(redactUrl('/a/1/b/2/c', paths)).toBe('/a/[redacted]/b/[redacted]/c')
    expect(redactUrl('/hooks', paths)).toBe('/hooks')
  })
})

describe('a log record', () => {
  it('loses what has a telling name, at any depth', () => {
    expect(
      redact({
        token: 'a',
        user: { name: 'ada', hostToken: 'b', apiKey: 'c' },
        headers: { Authorization: 'd', cookie: 'e', 'X-Handshake-Browser-Key': 'f', accept: 'text/html' },
        list: [{ secret: 'g' }],
        tokens: 3,
        password: undefined,
      }),
    ).toEqual({
      token: '[redacted]',
      user: { name: 'ada', hostToken: '[redacted]', apiKey: '[redacted]' },
      headers: {
        Authorization: '[redacted]',
        cookie: '[redacted]',
        'X-Handshake-Browser-Key': '[redacted]',
        accept: 'text/html',
      },
      list: [{ secret: '[redacted]' }],
      tokens: 3,
      password: undefined,
    })
  })

  it('keeps errors readable and clean', () => {
    const cause = Object.assign(new Error('connect postgres://a:b@db'), { code: 'ECONNREFUSED' })

    expect(redact({ err: new Error('GET /x?token=abc', { cause }) })).toMatchObject({
      err: {
        type: 'Error',
        message: 'GET /x?token=[redacted]',
        stack: expect.not.stringContaining('abc'),
        cause: { message: 'connect postgres://[redacted]@db', code: 'ECONNREFUSED' },
      },
    })
  })

  it('is bounded in depth, and survives circles and strange objects', () => {
    const circle: Record<string, unknown> = { name: 'circle' }
    circle.self = circle

    expect(JSON.stringify(redact(circle))).toContain('[Object]')
    expect(
      redact({ socket: new Map(), at: new Headers({ cookie: 'x' }), bare: Object.create(null) }),
    ).toEqual({
      socket: '[Map]',
      at: { cookie: '[redacted]' },
      bare: {},
    })
  })
})
