import { describe, expect, test } from 'vitest'
import { openPlane, type Plane } from '../plane.test.support.js'

const app = 'https://app.example'

const ask = ({ threads }: Plane, method: string, headers: Record<string, string>, path = '/threads') =>
  threads.fetch(
    new Request(`http://parley.test/acp${path}`, {
      method,
      headers: { authorization: 'Bearer alice', ...headers },
      ...(method === 'POST' && { body: '{}' }),
    }),
  )

const corsOf = ({ headers }: Response) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-') || name === 'vary'))

describe('without allowed origins', () => {
  test.each([
    [undefined, 201],
    ['http://parley.test', 201],
    ['https://parley.test', 201],
    [app, 403],
    ['null', 403],
  ])('a change asked by a page of %s is answered %s', async (origin, status) => {
    const plane = await openPlane()

    const response = await ask(plane, 'POST', origin === undefined ? {} : { origin })

    expect(response.status).toBe(status)
    expect(corsOf(response)).toEqual({})
    if (status === 403)
      expect(await response.json()).toMatchObject({
        detail: 'origin not allowed',
        error: { code: 'forbidden' },
      })
  })

  test('a strange page is refused its preflight, and may not read what it asks for', async () => {
    const plane = await openPlane()
    const preflight = { origin: app, 'access-control-request-method': 'POST' }

    expect((await ask(plane, 'OPTIONS', preflight)).status).toBe(403)
    expect(corsOf(await ask(plane, 'GET', { origin: app }))).toEqual({})
  })
})

describe('with allowed origins', () => {
  const allowedOrigins = [app]
  const granted = {
    'access-control-allow-origin': app,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'retry-after',
    vary: 'origin',
  }

  test('their pages read every answer, refusals included', async () => {
    const plane = await openPlane({ allowedOrigins })
    const headers = { origin: app }

    const created = await ask(plane, 'POST', headers)
    const missing = await ask(plane, 'GET', headers, '/threads/th_none')
    const stranger = await ask(plane, 'GET', { ...headers, authorization: 'Bearer nobody' })

    expect([created.status, missing.status, stranger.status]).toEqual([201, 404, 401])
    for (const response of [created, missing, stranger]) expect(corsOf(response)).toEqual(granted)
    expect(created.headers.get('cache-control')).toBe('no-store')
    const { id } = (await created.json()) as { id: string }
    const removed = await ask(plane, 'DELETE', headers, `/threads/${id}`)
    expect([removed.status, corsOf(removed)]).toEqual([204, granted])
  })

  test('their preflights are answered, with the headers that they want to send', async () => {
    const plane = await openPlane({ allowedOrigins })
    const wanted = { 'access-control-request-headers': 'x-session', 'access-control-request-method': 'PATCH' }

    const response = await ask(plane, 'OPTIONS', { origin: app, ...wanted })

    expect(response.status).toBe(204)
    expect(corsOf(response)).toEqual({
      ...granted,
      vary: 'origin, access-control-request-headers',
      'access-control-allow-methods': 'GET, POST, PATCH, DELETE',
      'access-control-allow-headers': 'x-session',
      'access-control-max-age': '600',
    })
  })

  test('others are still refused', async () => {
    const plane = await openPlane({ allowedOrigins })
    const headers = { origin: 'https://app.example.evil' }

    expect((await ask(plane, 'OPTIONS', headers)).status).toBe(403)
    expect((await ask(plane, 'POST', headers)).status).toBe(403)
    expect(corsOf(await ask(plane, 'GET', headers))).toEqual({ vary: 'origin' })
  })

  test('any origin at all is let in without cookies', async () => {
    const plane = await openPlane({ allowedOrigins: ['*'] })

    const { 'access-control-allow-credentials': _, ...without } = granted
    expect(corsOf(await ask(plane, 'POST', { origin: app }))).toEqual(without)
  })
})

test('behind a proxy the public address counts', async () => {
  const plane = await openPlane({ publicUrl: 'https://rooms.example/base' })

  expect((await ask(plane, 'POST', { origin: 'https://rooms.example' })).status).toBe(201)
  expect((await ask(plane, 'POST', { origin: app })).status).toBe(403)
})
