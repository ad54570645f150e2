import { describe, expect, test } from 'vitest'
import { openDoor } from './door.test.support.js'

const app = 'https://app.example'

const verdict = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'connected',
    () => 'refused',
  )

describe.each(['websocket', 'polling'] as const)('a page that connects over %s', (transport) => {
  test('must be of this server or of an allowed origin', async () => {
    const { connect, url } = await openDoor({ allowedOrigins: [app] })
    const from = (origin: string) => verdict(connect('alice', { transport, headers: { origin } }))

    expect([
      await from(url),
      await from(app),
      await from('https://evil.example'),
      await from('null'),
    ]).toEqual(['connected', 'connected', 'refused', 'refused'])
  })

  test('of any other origin is refused when none is allowed, and a program is not', async () => {
    const { connect } = await openDoor()

    expect(await verdict(connect('alice', { transport, headers: { origin: app } }))).toBe('refused')
    expect(await verdict(connect('alice', { transport }))).toBe('connected')
  })
})

test('long polling answers allowed pages so that they can read it', async () => {
  const { url } = await openDoor({ allowedOrigins: [app] })
  const poll = async (method: string, origin: string) => {
    const { status, headers } = await fetch(`${url}/socket.io/?EIO=4&transport=polling`, {
      method,
      headers: { origin },
    })
    return [
      status,
      headers.get('access-control-allow-origin'),
      headers.get('access-control-allow-credentials'),
    ]
  }

  expect(await poll('GET', app)).toEqual([200, app, 'true'])
  expect(await poll('OPTIONS', app)).toEqual([204, app, 'true'])
  expect((await poll('GET', 'https://evil.example')).slice(0, 2)).toEqual([403, null])
})

test('any origin at all gets no leave to send cookies', async () => {
  const { url } = await openDoor({ allowedOrigins: ['*'] })

  const { headers } = await fetch(`${url}/socket.io/?EIO=4&transport=polling`, { headers: { origin: app } })

  expect(headers.get('access-control-allow-origin')).toBe(app)
  expect(headers.get('access-control-allow-credentials')).toBeNull()
})

test('long polling is never answered as a script, which every page could load', async () => {
  const { url } = await openDoor()

  const answer = await fetch(`${url}/socket.io/?EIO=4&transport=polling&j=0`)

  expect([answer.status, (await answer.text()).includes('sid')]).toEqual([403, false])
})
