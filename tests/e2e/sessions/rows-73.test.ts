// The plane as a library (section 14.10): without a server, with options and handlers of the application.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openGround } from '@parley/kernel/ground'
import {
  type AgentMessageContext,
  createSessions,
  type ErrorContext,
  type PermissionRequestContext,
  type SessionEndContext,
  type SessionsOptions,
  serve,
} from '@parley/sessions'
import { localRuntime } from '@parley/sessions/runtimes'
import { eventually } from '@parley/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { demoTemplate } from './support/agents.js'
import { OldStorage } from './support/old-storage.js'
import { ask, demoSpawn, openStage, saidIn } from './support/stage.js'
import { hmacOf, openReceiver } from './support/webhook-receiver.js'

const owner = { kind: 'user', id: 'owner', tenant: {}, scopes: ['*'] } as const

/** A plane that nobody serves; everybody is its owner. */
async function openLibrary(options: Partial<SessionsOptions> = {}) {
  const cwd = await mkdtemp(join(tmpdir(), 'parley-e2e-'))
  const sessions = createSessions({
    authenticate: () => ({ ...owner, scopes: [...owner.scopes] }),
    runtimes: { local: localRuntime({ cwd }) },
    ...options,
  })
  onTestFinished(async () => {
    await sessions.stop({ sessions: 'terminate' })
    await rm(cwd, { recursive: true, force: true })
  })
  const call = async (method: string, path: string, body?: unknown) => {
    const init = { method, ...(body !== undefined && { body: JSON.stringify(body) }) }
    const headers = { 'content-type': 'application/json' }
    const response = await sessions.fetch(new Request(`http://localhost/api${path}`, { ...init, headers }))
    return { status: response.status, body: await response.json() }
  }
  return { sessions, call }
}

// proves: sessions.s73
it('is used by its fetch alone, with templates and webhooks of its own', async () => {
  const receiver = await openReceiver()
  onTestFinished(() => receiver.close())
  const { call } = await openLibrary({
    agentTemplates: [demoTemplate()],
    webhooks: [{ url: receiver.url, secret: 'server', events: ['end_turn'] }],
    allowPrivateAddresses: true,
  })

  expect((await call('GET', '/agent-templates')).body).toEqual([demoTemplate()])
  const { status, body: session } = await call('POST', '/agents', { agentTemplateId: 'demo' })
  expect([status, session.agentName]).toEqual([201, 'Demo'])
  expect((await call('POST', `/agents/${session.id}/prompts`, { text: 'echo hi' })).body).toMatchObject({
    stopReason: 'end_turn',
  })
  expect(saidIn((await call('GET', `/agents/${session.id}`)).body.logs)).toBe('hi')
  const [sent] = await eventually(() => receiver.received.length > 0 && receiver.received)
  expect(sent!.headers['x-flamecast-signature']).toBe(hmacOf('server', sent!.bytes))
})

// proves: sessions.s73
it('tells handlers of messages, errors and ends, and asks one for permissions; what they throw harms nobody', async () => {
  const messages: AgentMessageContext[] = []
  const errors: ErrorContext[] = []
  const ends: SessionEndContext[] = []
  const asked: PermissionRequestContext[] = []
  const stage = await openStage({
    onPermissionRequest: async (context) => {
      asked.push(context)
      return asked.length === 1 ? context.allow() : context.deny()
    },
    onAgentMessage: async (context) => {
      messages.push(context)
      throw new Error('a handler of the application')
    },
    onError: async (context) => void errors.push(context),
    onSessionEnd: async (context) => void ends.push(context),
  })
  onTestFinished(() => stage.close())
  const [id, other] = [await stage.session({ name: 'Scratch' }), await stage.session()]

  expect(await ask(stage, id, 'ask')).toBe('1: allow\n')
  expect(await ask(stage, id, 'ask')).toBe('1: reject\n')
  expect(asked[0]).toMatchObject({
    requestId: expect.any(String),
    toolCallId: 'ask-1',
    title: 'Change file 1',
    kind: 'edit',
    options: [{ kind: 'allow_once' }, { kind: 'allow_always' }, { kind: 'reject_once' }],
  })
  await stage.prompt(id, 'fail')
  void stage.prompt(id, 'crash')
  await stage.call('DELETE', `/agents/${other}`)
  await eventually(() => ends.length === 2 && errors.length > 0)

  const context = {
    id,
    agentName: 'Scratch',
    runtime: 'local',
    spawn: demoSpawn(),
    startedAt: expect.stringMatching(/^\d{4}-/),
  }
  expect(asked[0]!.session).toEqual(context)
  expect(errors[0]).toMatchObject({ session: context, error: expect.any(Error) })
  expect(errors[0]!.error.message).toContain('The demo agent failed')
  expect(messages.length).toBeGreaterThan(0)
  expect(messages.every(({ session }) => [id, other].includes(session.id))).toBe(true)
  const byId = new Map(ends.map((end) => [end.session.id, end]))
  expect(byId.get(id)).toMatchObject({ reason: 'agent_exit', exitCode: 7 })
  expect(byId.get(other)).toMatchObject({ reason: 'terminated' })
})

// proves: sessions.s73
it('keeps its state in a storage that was written for the original, and takes over what is in it', async () => {
  const storage = new OldStorage()
  await storage.saveAgentTemplate(demoTemplate({ id: 'old', name: 'Old' }))
  const first = await openStage({ storage, agentTemplates: [demoTemplate()] })
  expect((await first.call('GET', '/agent-templates')).body.map(({ id }: { id: string }) => id)).toEqual([
    'demo',
    'old',
  ])
  const id = await first.session({ name: 'Kept' })
  await ask(first, id, 'echo hi')
  await first.call('POST', '/runtimes/local/start')
  await eventually(() => storage.sessions.get(id))
  expect(storage.sessions.get(id)!.meta).toMatchObject({
    id,
    agentName: 'Kept',
    status: 'active',
    pendingPermission: null,
  })
  await eventually(() => storage.instances.has('local'))
  await first.call('DELETE', `/agents/${id}`)
  await eventually(() => storage.sessions.get(id)!.meta.status === 'killed')
  await first.close()

  // A new plane with nothing but that storage.
  const second = await openStage({ storage, agentTemplates: [demoTemplate()] })
  onTestFinished(() => second.close())
  expect((await second.call('GET', '/health')).body).toEqual({ status: 'ok', sessions: 1 })
  const { body } = await second.call('GET', '/agents', undefined, { as: 'alice' })
  const service = await second.sessions.service()
  const all = await service.listSessions({ ...owner, scopes: [...owner.scopes] })
  expect([...body, ...all].find((one) => one.id === id)).toMatchObject({
    agentName: 'Kept',
    status: 'killed',
  })
})

// proves: sessions.s73
it('gives hosts the configured address for callbacks, also for sessions made over REST', async () => {
  const starts: { callbackUrl: string }[] = []
  const { call, sessions } = await openLibrary({
    callbackUrl: 'https://parley.example/api',
    runtimes: {
      box: {
        fetchSession: async (sessionId, request) => {
          if (new URL(request.url).pathname === '/start') starts.push(await request.json())
          return Response.json({ acpSessionId: 'acp', sessionId })
        },
      },
    },
  })
  await call('POST', '/agents', { spawn: { command: 'x' } })
  const service = await sessions.service()
  await service.createSession({ ...owner, scopes: ['*'] }, { spawn: { command: 'x', args: [] } }, {})

  expect(starts).toHaveLength(2)
  for (const { callbackUrl } of starts) expect(callbackUrl).toMatch(/^https:\/\/parley\.example\/api(\/|$)/)
})

// proves: sessions.s73
it('listens, stops gracefully with sessions that go on and are found again, or ends everything', async () => {
  const place = await mkdtemp(join(tmpdir(), 'parley-e2e-'))
  onTestFinished(() => rm(place, { recursive: true, force: true }))
  const options = { database: join(place, 'db'), dataDir: join(place, 'host'), cwd: place }
  const first = await openStage(options)
  const id = await first.session()
  await first.close({})

  const second = await openStage(options)
  const service = await second.sessions.service()
  // The cast: the plane's own principal for everything.
  const alice = { kind: 'user', id: 'alice', tenant: { org: 'A' }, scopes: ['*'] } as Parameters<
    typeof service.recovered
  >[0]
  expect((await service.recovered(alice)).map((one) => one.id)).toEqual([id])
  expect(await ask(second, id, 'echo still here')).toBe('still here')
  await second.close({ sessions: 'terminate' })

  const ground = await openGround({ database: options.database })
  onTestFinished(() => ground.close())
  const runtimes = { local: localRuntime({ cwd: place, dataDir: options.dataDir }) }
  const sessions = createSessions({ ground, authenticate: () => alice, runtimes })
  const served = await serve(sessions, { port: 0 })
  onTestFinished(() => served.close({ sessions: 'terminate' }))
  const listed = await (await fetch(`${served.url}/api/agents`)).json()
  expect(listed).toMatchObject([{ id, status: 'killed' }])
})
