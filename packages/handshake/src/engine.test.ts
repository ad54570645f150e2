import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { fakeClock } from '@parley/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { createHandshakeEngine } from './engine-alone.js'
import { Peer } from './peer.test.support.js'
import { formOf, type Json, openPlane } from './plane.test.support.js'

const requestOf = (token: unknown, query = '') =>
  new Request(`http://parley.test/${query}`, { headers: { 'x-handshake-token': String(token) } })

test('an engine of its own answers every operation as payload and status', async () => {
  const engine = createHandshakeEngine()
  onTestFinished(() => engine.stop())
  engine.onAction((_session, action) => action.key !== 'veto')

  const created = await engine.createSession(formOf('a', 'veto'))
  const { sessionId, token, notifyUrl } = created.payload as Record<string, string>
  const id = sessionId!
  const request = requestOf(token)
  const actions = ['a', 'veto'].map((key) => ({ type: 'set', key, value: 'x' }))

  expect(await engine.postAction(id, { actions, intervalMs: 0 }, request)).toMatchObject({
    status: 200,
    payload: { applied: ['a'], rejected: ['veto'] },
  })
  expect(await engine.getContext(id, request)).toMatchObject({
    status: 200,
    payload: { context: { a: { by: 'ai' } } },
  })
  expect(await engine.getDiff(id, requestOf(token, '?sinceSeq=0'))).toMatchObject({
    payload: { changes: [{ key: 'a', seq: 1 }] },
  })
  expect(await engine.postExtend(id, { extraSeconds: 60 }, request)).toMatchObject({
    payload: { extended: 60 },
  })
  const browserKey = notifyUrl!.split('/').at(-1)
  expect(await engine.postNotify(id, { key: 'a', value: 'mine' }, request, { browserKey })).toMatchObject({
    status: 200,
  })
  expect(await engine.getContext(id, requestOf('wrong'))).toEqual({
    status: 403,
    payload: { error: 'invalid token' },
    headers: {},
  })
})

test('what a framework hands on for a body is looked at', async () => {
  const { handshake, create } = await openPlane()
  const page = await create()
  const post = (body: unknown) => handshake.engine.postAction(page.id, body as Json, requestOf(page.token))

  expect((await post(undefined)).status).toBe(200)
  for (const body of [null, [1], 'text', 7])
    expect(await post(body)).toMatchObject({
      status: 400,
      payload: { error: 'request body must be a JSON object' },
    })
})

test('the caller of postNotify may bring its own check of the browser', async () => {
  const { handshake, create, context } = await openPlane()
  const page = await create()
  const notify = (isRight: boolean) =>
    handshake.engine.postNotify(page.id, { key: 'a', value: 1 }, requestOf(''), {
      browserAuth: (_request, session) => isRight && session.id === page.id,
    })

  expect(await notify(false)).toMatchObject({ status: 403, payload: { error: 'browser auth failed' } })
  expect((await notify(true)).status).toBe(200)
  expect((await context(page)).body.data).toEqual({ a: 1 })
})

test('more than the rate of one address can be created without a request', async () => {
  const { handshake } = await openPlane()

  const answers = await Promise.all(Array.from({ length: 40 }, () => handshake.engine.createSession({})))

  expect(answers.every(({ status }) => status === 200)).toBe(true)
})

test('a socket that a framework has accepted is served like any other, from its first frame', async () => {
  const clock = fakeClock()
  const plane = await openPlane({ clock })
  const page = await plane.create(formOf('a'))
  const sockets = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: true })
  await once(sockets, 'listening')
  onTestFinished(() => sockets.close())
  const ended: string[] = []
  sockets.on('connection', (socket, request) => {
    const credentials = request.url === '/page' ? { browserKey: page.key } : { token: request.url?.slice(1) }
    void plane.handshake.engine
      .handleSocket(socket, page.id, credentials)
      .then(() => ended.push(request.url!))
  })
  const { port } = sockets.address() as AddressInfo
  const url = `ws://127.0.0.1:${port}`

  const browser = new Peer(`${url}/page`)
  browser.socket.on('open', () => browser.send({ type: 'userEdit', key: 'a', value: 'mine' }))
  await browser.until('connected')
  const watcher = await Peer.open(`${url}/${page.token}`)
  const wrong = await Peer.open(`${url}/wrong`)
  await plane.set(page, { b: 'x' }, { intervalMs: 0 })

  expect(await watcher.until('done')).toEqual(await browser.until('done'))
  expect((await plane.context(page)).body.context.a).toMatchObject({ value: 'mine', by: 'user' })
  expect(wrong.frames).toEqual([{ type: 'error', msg: 'invalid token' }])
  await plane.call('DELETE', `/handshake/session/${page.id}`, { key: page.key })
  await Promise.all([browser.untilClosed(), watcher.untilClosed(), wrong.untilClosed()])
  expect(ended.sort()).toEqual([`/${page.token}`, '/page', '/wrong'].sort())
})
