import { describe, expect, test } from 'vitest'
import { formOf, openPlane } from '../plane.test.support.js'

const fail = (message: string) => () => {
  throw new Error(message)
}

describe('a create hook', () => {
  // proves: handshake.h18, handshake.h18.create
  test.each<[string, () => unknown, string]>([
    ['throws', fail('no entry'), 'no entry'],
    ['rejects', async () => fail('no entry')(), 'no entry'],
    ['answers false', () => false, 'session creation denied by server policy'],
    ['answers false later', async () => false, 'session creation denied by server policy'],
    ['throws a text', () => Promise.reject('plain text'), 'plain text'],
  ])('refuses when it %s, and nothing is stored', async (_title, hook, error) => {
    const plane = await openPlane()
    let id = ''
    plane.handshake.onCreateSession((session) => {
      id = session.id
      return hook()
    })

    const { status, body } = await plane.call('POST', '/handshake/session')

    expect([status, body]).toEqual([403, { error }])
    expect((await plane.call('GET', `/handshake/context/${id}`, { token: 'x' })).status).toBe(404)
    expect(await plane.ground.log.last(`handshake:${id}`, { limit: 1 })).toEqual([])
  })

  test('sees the plain token and the request, and may set owner and meta', async () => {
    const plane = await openPlane()
    const seen: unknown[] = []
    plane.handshake.onCreateSession((session, request) => {
      seen.push(
        session.token,
        request?.headers.get('cookie'),
        JSON.stringify(session).includes(session.token!),
      )
      session.owner = { id: 'u1' }
      session.meta = { ...session.meta, plan: 'pro' }
      return undefined
    })

    const page = await plane.create({ meta: { title: 'T' } }, { headers: { cookie: 'sid=1' } })

    expect(seen).toEqual([page.token, 'sid=1', false])
    const { body } = await plane.context(page)
    expect(body.meta).toEqual({ title: 'T', plan: 'pro' })
    expect(JSON.stringify(body)).not.toContain('u1')
  })

  test('can be taken away again', async () => {
    const plane = await openPlane()
    const remove = plane.handshake.onCreateSession(() => false)
    expect((await plane.call('POST', '/handshake/session')).status).toBe(403)

    remove()

    expect((await plane.call('POST', '/handshake/session')).status).toBe(200)
  })
})

describe('action hooks', () => {
  // proves: handshake.h18
  test('veto, fail, or let pass, one action at a time; the first refusal counts', async () => {
    const plane = await openPlane()
    const asked: unknown[] = []
    plane.handshake.onAction(async (_session, action) => {
      asked.push(action.key)
      if (action.key === 'boom') throw new Error('boom')
      return action.key !== 'veto'
    })
    plane.handshake.onAction((session, action) => {
      expect(session.token).toBeUndefined()
      asked.push(`second ${String(action.key)}`)
      return null
    })
    const page = await plane.create(formOf('a', 'veto', 'boom', 'b'))

    const { body } = await plane.set(page, { a: '1', veto: '2', boom: '3', b: '4' }, { stream: false })

    expect(body).toMatchObject({
      applied: ['a', 'b'],
      rejected: ['veto', 'boom'],
      errors: [{ key: 'boom', msg: 'boom' }],
    })
    expect(asked).toEqual(['a', 'second a', 'veto', 'boom', 'b', 'second b'])
  })
})

describe('a done hook', () => {
  // proves: handshake.h18, handshake.h18.done
  test('hears the report; what it throws is logged and goes nowhere else', async () => {
    const plane = await openPlane()
    const heard: unknown[] = []
    plane.handshake.onDone(fail('sync'))
    plane.handshake.onDone(async () => fail('async')())
    plane.handshake.onDone((session, applied, rejected, errors) =>
      heard.push(session.id, applied, rejected, errors),
    )
    const page = await plane.create(formOf('a'))

    const { status, body } = await plane.act(page, [{ type: 'set', key: 'a', value: 'x' }, 7], {
      stream: false,
    })

    expect([status, body.ok]).toEqual([200, true])
    expect(heard).toEqual([page.id, ['a'], [], [{ action: 7, msg: 'action must be an object' }]])
    expect(plane.faults.splice(0).map((fault) => (fault as Error).message)).toEqual(['sync', 'async'])
  })
})

test('hooks can be given as options', async () => {
  const plane = await openPlane({
    hooks: { onAction: () => false, onCreateSession: (session) => Object.assign(session.meta, { a: 1 }) },
  })
  const page = await plane.create()

  expect((await plane.set(page, { k: 1 })).body.rejected).toEqual(['k'])
  expect((await plane.context(page)).body.meta).toEqual({ a: 1 })
})

test('the original check of the browser may approve an edit without the key', async () => {
  const plane = await openPlane({
    requireBrowserAuth: (request, session) =>
      request.headers.get('cookie') === 'user=ann' && session.mode === 'default',
  })
  const page = await plane.create()
  const notify = (cookie: string) =>
    plane.call('POST', `/handshake/notify/${page.id}`, { body: { key: 'a', value: 1 }, headers: { cookie } })

  expect((await notify('user=eve')).body).toEqual({ error: 'browser auth failed' })
  expect((await notify('user=ann')).status).toBe(200)
})

test('legacy notify is open, but not to pages of other origins', async () => {
  const plane = await openPlane({ legacyNotify: true })
  const page = await plane.create()
  const notify = (headers: Record<string, string>) =>
    plane.call('POST', `/handshake/notify/${page.id}`, { body: { key: 'a', value: 1 }, headers })

  expect((await notify({})).status).toBe(200)
  expect((await notify({ origin: 'https://evil.example', 'content-type': 'text/plain' })).body).toEqual({
    error: 'origin not allowed',
  })
})
