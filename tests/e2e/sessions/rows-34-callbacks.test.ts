import type { Runtime, SessionsOptions } from '@parley/sessions'
import { eventually } from '@parley/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'
import { bothGrounds } from './support/shared-stage.js'
import { openStage } from './support/stage.js'
import { openReceiver } from './support/webhook-receiver.js'

// Hosts that somebody else wrote call back over HTTP: here the test is such a host.

type Start = { sessionId: string; callbackUrl: string }

/** A runtime with the one function that it needs. Keeps what it was asked. */
function foreignRuntime() {
  const starts: Start[] = []
  const answers: { path: string; body: unknown }[] = []
  const runtime: Runtime = {
    onlyOne: true,
    fetchSession: async (sessionId, request) => {
      const { pathname } = new URL(request.url)
      const text = await request.text()
      if (pathname === '/start') {
        starts.push(JSON.parse(text))
        return Response.json({ acpSessionId: 'acp-9', sessionId })
      }
      answers.push({ path: pathname, body: text === '' ? undefined : JSON.parse(text) })
      return Response.json({ ok: true })
    },
  }
  return { runtime, starts, answers }
}

const question = {
  requestId: 'r-1',
  toolCallId: 'call-1',
  title: 'Delete everything',
  kind: 'edit',
  options: [
    { optionId: 'allow', name: 'Allow', kind: 'allow_once' },
    { optionId: 'reject', name: 'Reject', kind: 'reject_once' },
  ],
}

describe.each(bothGrounds)('what foreign hosts call back on $name', (where) => {
  async function open(options: Partial<SessionsOptions> = {}) {
    const { ground, close } = await where.open()
    onTestFinished(close)
    const hooks = await openReceiver()
    onTestFinished(() => hooks.close())
    const { runtime, starts, answers } = foreignRuntime()
    const stage = await openStage({
      ground,
      runtimes: { local: runtime },
      allowPrivateAddresses: true,
      ...options,
    })
    onTestFinished(async () => {
      await stage.close()
      expect(stage.faults, 'faults').toEqual([])
    })
    const id = await stage.session({ webhooks: [{ url: hooks.url, secret: 's' }] })
    const post = async (url: string, body: unknown) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      // As such hosts do it: without a credential of anybody.
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(url, { method: 'POST', headers, body: text })
      return { status: response.status, body: await response.json() }
    }
    const { callbackUrl } = starts[0]!
    return {
      stage,
      id,
      hooks,
      answers,
      callbackUrl,
      post,
      tell: (type: unknown, data?: unknown) => post(`${callbackUrl}/agents/${id}/events`, { type, data }),
      read: async () => (await stage.call('GET', `/agents/${id}`)).body,
      hooked: (type: string) =>
        eventually(() => hooks.received.find(({ body }) => body.event.type === type)?.body),
    }
  }

  // proves: sessions.s34
  test('the address has a secret, without which nothing is taken', async () => {
    const { stage, id, callbackUrl, post, read } = await open()
    const event = { type: 'error', data: { message: 'forged' } }

    expect(callbackUrl).toMatch(new RegExp(`^http://${stage.authority}/api/`))
    expect(callbackUrl).not.toBe(`${stage.origin}/api`)
    const wrong = callbackUrl.slice(0, -4) + (callbackUrl.endsWith('AAAA') ? 'BBBB' : 'AAAA')
    const other = crypto.randomUUID()
    for (const url of [
      `${stage.origin}/api/agents/${id}/events`,
      `${wrong}/agents/${id}/events`,
      `${callbackUrl}/agents/${other}/events`,
      `${callbackUrl}/agents/..%2F..%2Fname/events`,
    ])
      expect([url, (await post(url, event)).status]).toEqual([url, 404])
    // Nor does a person's credential open it.
    expect((await stage.call('POST', `/agents/${id}/events`, event)).status).toBe(404)
    expect((await read()).logs).toEqual([])
  })

  // proves: sessions.s34
  test('a question that nobody answers at once is deferred, shown, and answered over the host', async () => {
    const { stage, id, tell, read, hooked, answers } = await open()

    expect(await tell('permission_request', question)).toEqual({ status: 200, body: { deferred: true } })

    expect((await read()).pendingPermission).toEqual(question)
    expect(await hooked('permission_request')).toMatchObject({
      sessionId: id,
      event: { type: 'permission_request', data: question },
    })
    const answer = () => stage.call('POST', `/agents/${id}/permissions/r-1`, { optionId: 'allow' })
    expect(await answer()).toMatchObject({ status: 200, body: { ok: true } })
    expect((await answer()).status).toBe(404)
    await eventually(() => answers.length > 0)
    expect(answers[0]).toEqual({ path: '/permissions/r-1', body: { optionId: 'allow' } })
    expect((await read()).pendingPermission).toBeNull()
  })

  // proves: sessions.s34
  test('a question is answered by auto-approve', async () => {
    const { stage, id, tell, read } = await open()
    await stage.call('PATCH', `/agents/${id}/settings`, { autoApprovePermissions: true })

    expect(await tell('permission_request', question)).toEqual({ status: 200, body: { optionId: 'allow' } })

    expect((await read()).pendingPermission).toBeNull()
  })

  // proves: sessions.s34, sessions.s33
  test('a question is answered by the handler', async () => {
    const { tell, read } = await open({
      onPermissionRequest: async ({ requestId, allow, deny }) => {
        if (requestId === 'r-1') return deny()
        if (requestId === 'r-2') return { outcome: 'cancelled' }
        if (requestId === 'r-3') return allow()
        throw new Error('no idea')
      },
      onFault: () => undefined,
    })
    const ask = async (requestId: string) =>
      (await tell('permission_request', { ...question, requestId })).body

    expect(await ask('r-1')).toEqual({ optionId: 'reject' })
    expect(await ask('r-2')).toEqual({ outcome: 'cancelled' })
    expect(await ask('r-3')).toEqual({ optionId: 'allow' })
    expect(await ask('r-4')).toEqual({ deferred: true })
    expect((await read()).pendingPermission).toMatchObject({ requestId: 'r-4' })
  })

  // proves: sessions.s34
  test('each other type is answered with ok, kept in the log and told on', async () => {
    const told: unknown[] = []
    const { tell, read, hooked, hooks } = await open({
      onAgentMessage: async ({ type, data }) => void told.push(['message', type, data]),
      onError: async ({ error }) => void told.push(['error', error.message]),
      onSessionEnd: async ({ reason, exitCode }) => void told.push(['end', reason, exitCode]),
    })
    const before = (await read()).lastUpdatedAt
    const chunk = { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: 'Hi' } }
    const promptResponse = { stopReason: 'end_turn' }
    const events: [string, object][] = [
      ['agent_message', { sessionUpdate: chunk }],
      ['error', { message: 'out of tokens' }],
      ['something_else', { x: 1 }],
      ['end_turn', { promptResponse }],
    ]

    for (const [type, data] of events)
      expect(await tell(type, data)).toEqual({ status: 200, body: { ok: true } })

    const { logs, status, lastUpdatedAt } = await read()
    expect(status).toBe('active')
    expect(Date.parse(lastUpdatedAt)).toBeGreaterThanOrEqual(Date.parse(before))
    expect(logs.map(({ type, data }: { type: string; data: unknown }) => [type, data])).toEqual(events)
    expect((await hooked('error')).event.data).toEqual({ message: 'out of tokens' })
    expect((await hooked('end_turn')).event.data).toEqual({ promptResponse })

    await tell('permission_request', question)
    expect(await tell('session_end', { exitCode: 3 })).toEqual({ status: 200, body: { ok: true } })

    expect(await read()).toMatchObject({ status: 'killed', pendingPermission: null })
    expect((await hooked('session_end')).event.data).toMatchObject({ exitCode: 3 })
    await eventually(() => told.length === 3)
    expect(told).toEqual([
      ['message', 'agent_message_chunk', chunk],
      ['error', 'out of tokens'],
      ['end', 'agent_exit', 3],
    ])
    const hookTypes = hooks.received.map(({ body }) => body.event.type)
    expect(hookTypes).toEqual(['error', 'end_turn', 'permission_request', 'session_end'])
  })

  // proves: sessions.s34
  test('what is no event is refused', async () => {
    const { tell, post, callbackUrl, id, read } = await open()

    for (const [type, data] of [
      [undefined, {}],
      ['error', undefined],
      ['', {}],
      [5, {}],
      ['error', 'text'],
    ])
      expect(await tell(type, data)).toEqual({
        status: 400,
        body: { error: 'Invalid event: missing type or data' },
      })
    const broken = await post(`${callbackUrl}/agents/${id}/events`, '{')
    expect([broken.status, broken.body]).toEqual([400, { error: expect.any(String) }])
    expect((await read()).logs).toEqual([])
  })

  // proves: sessions.s34
  test('a handler that throws is none of the host’s business', async () => {
    const faults: unknown[] = []
    const { tell } = await open({
      onError: () => Promise.reject(new Error('the handler broke')),
      onFault: (error) => faults.push(error),
    })

    expect(await tell('error', { message: 'x' })).toEqual({ status: 200, body: { ok: true } })
    await eventually(() => faults.length > 0)
  })

  // proves: sessions.s34
  test('a plane that trusts its hosts takes the plain address too', async () => {
    const { stage, id, post, read } = await open({ trustCallbacks: true })
    const url = (which: string) => `${stage.origin}/api/agents/${which}/events`

    expect(await post(url(id), { type: 'error', data: { message: 'x' } })).toEqual({
      status: 200,
      body: { ok: true },
    })
    expect((await read()).logs).toMatchObject([{ type: 'error', data: { message: 'x' } }])
    expect((await post(url(crypto.randomUUID()), { type: 'error', data: {} })).status).toBe(404)
  })

  // proves: sessions.s34
  test('an address that was configured is handed out instead of that of the request', async () => {
    const { callbackUrl } = await open({ callbackUrl: 'https://public.example/api' })

    expect(callbackUrl).toMatch(/^https:\/\/public\.example\/api\//)
  })
})
