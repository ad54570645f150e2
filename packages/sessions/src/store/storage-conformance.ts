// What every storage of the contract's interface does (section 10), in any of the ways that it may be written.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AgentTemplate, SessionMeta, SessionsStorage, WebhookConfig } from '../protocol/index.js'

/** An empty storage; the suite closes it. */
export type SessionsStorageSubject = {
  open(): Promise<{ storage: SessionsStorage; close(): Promise<void> }>
}

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString()

const metaOf = (id: string, over: Partial<SessionMeta> = {}): SessionMeta => ({
  id,
  agentName: 'Agent',
  spawn: { command: 'node', args: ['a.js'] },
  startedAt: at(0),
  lastUpdatedAt: at(0),
  status: 'active',
  pendingPermission: null,
  runtime: 'local',
  ...over,
})

const templateOf = (id: string, over: Partial<AgentTemplate> = {}): AgentTemplate => ({
  id,
  name: id,
  spawn: { command: 'node', args: [] },
  runtime: { provider: 'local' },
  ...over,
})

const pending = (requestId: string) => ({
  requestId,
  toolCallId: 'call',
  title: 'Write',
  options: [{ optionId: 'yes', name: 'Yes', kind: 'allow_once' }],
})

const info = { hostUrl: 'http://h', websocketUrl: 'ws://h', runtimeName: 'local', runtimeMeta: { pid: 7 } }

/** Checks the required methods, and the optional ones that are there. */
export function sessionsStorageConformance(name: string, subject: SessionsStorageSubject): void {
  describe(`${name} is a storage of sessions`, () => {
    let opened: Awaited<ReturnType<SessionsStorageSubject['open']>>
    beforeEach(async () => {
      opened = await subject.open()
    })
    afterEach(() => opened.close())
    const storage = () => opened.storage

    describe('templates', () => templateCases(storage))
    describe('sessions', () => sessionCases(storage))
    describe('instances', () => instanceCases(storage))
    describe('messages', () => messageCases(storage))
  })
}

function templateCases(storage: () => SessionsStorage): void {
  const ids = async () => (await storage().listAgentTemplates()).map(({ id }) => id)

  it('seeds managed ones in order, and deletes those that are not listed any more', async () => {
    await storage().seedAgentTemplates([templateOf('z'), templateOf('y')])
    await storage().saveAgentTemplate(templateOf('mine'))
    expect(await ids()).toEqual(['z', 'y', 'mine'])

    await storage().seedAgentTemplates([templateOf('x'), templateOf('z', { name: 'New' })])

    expect(await ids()).toEqual(['x', 'z', 'mine'])
    expect(await storage().getAgentTemplate('z')).toMatchObject({ name: 'New' })
  })

  it('answers a template as it was saved, or null', async () => {
    const whole = templateOf('t', {
      runtime: { provider: 'local', image: 'i', dockerfile: 'd', setup: 's', env: { A: '1' } },
      env: { B: '2' },
    })
    await storage().saveAgentTemplate(whole)

    expect(await storage().getAgentTemplate('t')).toEqual(whole)
    expect(await storage().getAgentTemplate('x')).toBeNull()
  })

  it('merges the runtime of a patch and replaces the rest', async () => {
    await storage().saveAgentTemplate(
      templateOf('t', { runtime: { provider: 'local', setup: 's' }, env: { A: '1' } }),
    )

    const patch = { name: 'New', runtime: { provider: 'docker' }, env: { B: '2' } }
    const merged = {
      ...templateOf('t'),
      name: 'New',
      runtime: { provider: 'docker', setup: 's' },
      env: { B: '2' },
    }

    expect(await storage().updateAgentTemplate('t', patch)).toEqual(merged)
    expect(await storage().getAgentTemplate('t')).toEqual(merged)
    expect(await storage().updateAgentTemplate('x', patch)).toBeNull()
  })
}

function sessionCases(storage: () => SessionsStorage): void {
  it('answers a session as it was created, with its runtime and webhooks', async () => {
    const meta = metaOf('s1', { cwd: '/srv', title: 'Hello', pendingPermission: pending('r1') })
    const webhooks: WebhookConfig[] = [
      { id: 'w2', url: 'https://a', secret: 's', events: ['end_turn'] },
      { id: 'w1', url: 'https://b', secret: 't' },
    ]
    await storage().createSession(meta, info, webhooks)
    await storage().createSession(metaOf('s2'))

    expect(await storage().getSessionMeta('s1')).toEqual(meta)
    expect(await storage().getStoredSession('s1')).toEqual({ meta, runtimeInfo: info, webhooks })
    expect(await storage().getStoredSession('s2')).toEqual({
      meta: metaOf('s2'),
      runtimeInfo: null,
      webhooks: [],
    })
    expect([await storage().getSessionMeta('x'), await storage().getStoredSession('x')]).toEqual([null, null])
  })

  it('does not create a session twice', async () => {
    await storage().createSession(metaOf('s1'))

    await expect(storage().createSession(metaOf('s1', { agentName: 'Other' }))).rejects.toThrow()
    expect(await storage().getSessionMeta('s1')).toEqual(metaOf('s1'))
  })

  it('changes what a patch names', async () => {
    await storage().createSession(metaOf('s1'))

    await storage().updateSession('s1', { pendingPermission: pending('r1') })
    await storage().updateSession('s1', { lastUpdatedAt: at(5), title: 'T' })
    expect(await storage().getSessionMeta('s1')).toEqual(
      metaOf('s1', { lastUpdatedAt: at(5), title: 'T', pendingPermission: pending('r1') }),
    )
    await storage().updateSession('s1', { pendingPermission: pending('r2') })
    expect(await storage().getSessionMeta('s1')).toMatchObject({ pendingPermission: pending('r2') })
    await storage().updateSession('s1', { pendingPermission: null })
    expect(await storage().getSessionMeta('s1')).toMatchObject({ pendingPermission: null, title: 'T' })
  })

  it('lists all by their last change, and those that are active', async () => {
    for (const [n, id] of ['a', 'b', 'c'].entries())
      await storage().createSession(metaOf(id, { lastUpdatedAt: at(n) }), info)
    await storage().finalizeSession('b', 'terminated')

    const listed = await storage().listAllSessions()
    const active = await storage().listActiveSessionsWithRuntime()

    expect(listed.map(({ id, status }) => `${id} ${status}`)).toEqual(['c active', 'b killed', 'a active'])
    expect(active.map(({ meta, runtimeInfo }) => [meta.id, runtimeInfo?.hostUrl]).sort()).toEqual([
      ['a', 'http://h'],
      ['c', 'http://h'],
    ])
  })

  it('records how a session ended where it can', async () => {
    await storage().createSession(metaOf('s1'))

    await storage().finalizeSession('s1', 'terminated')
    await storage().recordSessionEnd?.('s1', { reason: 'agent_exit', exitCode: 7, message: 'gone' })

    expect(await storage().getSessionMeta('s1')).toMatchObject({ status: 'killed' })
  })
}

function instanceCases(storage: () => SessionsStorage): void {
  it('keeps instances by name, the oldest first', async () => {
    const of = (name: string, status: 'running' | 'stopped') => ({ name, typeName: 'docker', status })
    await storage().saveRuntimeInstance(of('b', 'running'))
    await storage().saveRuntimeInstance(of('a', 'running'))
    await storage().saveRuntimeInstance(of('b', 'stopped'))

    expect(await storage().listRuntimeInstances()).toEqual([of('b', 'stopped'), of('a', 'running')])
    await storage().deleteRuntimeInstance('b')
    expect(await storage().listRuntimeInstances()).toEqual([of('a', 'running')])
  })
}

function messageCases(storage: () => SessionsStorage): void {
  const draft = (text: string, sessionId: string | null = 's1') => ({
    text,
    sessionId,
    runtime: 'local',
    agent: 'Codex',
    agentTemplateId: null,
    directory: null,
  })

  it('queues messages, oldest first, and sends each once', async ({ skip }) => {
    const { enqueueMessage, getNextPendingMessage, markMessageSent, listQueuedMessages } = storage()
    if (!enqueueMessage || !getNextPendingMessage || !markMessageSent || !listQueuedMessages) return skip()
    const add = (text: string, sessionId?: string | null) => storage().enqueueMessage!(draft(text, sessionId))
    const next = () => storage().getNextPendingMessage!('s1')
    const [first, , second] = [await add('one'), await add('other', null), await add('two')]

    expect(first).toMatchObject({ ...draft('one'), status: 'pending', sentAt: null })
    expect(await next()).toEqual(first)
    await storage().markMessageSent!(first.id)
    expect(await next()).toEqual(second)
    const listed = await storage().listQueuedMessages!()
    expect(listed.map(({ text, status }) => `${text} ${status}`)).toEqual([
      'one sent',
      'other pending',
      'two pending',
    ])
    expect(listed[0]!.sentAt).not.toBeNull()
  })

  it('removes one message, and all', async ({ skip }) => {
    const { enqueueMessage, removeMessage, clearMessageQueue } = storage()
    if (!enqueueMessage || !removeMessage || !clearMessageQueue) return skip()
    const first = await storage().enqueueMessage!(draft('one'))
    await storage().enqueueMessage!(draft('two'))
    const texts = async () => (await storage().listQueuedMessages!()).map(({ text }) => text)

    await storage().removeMessage!(first.id)
    expect(await texts()).toEqual(['two'])
    await storage().clearMessageQueue!()
    expect(await texts()).toEqual([])
  })
}
