import { describe, expect, test } from 'vitest'
import type { SessionsClient } from '../create.js'
import { aSession, openFakeServer, type Wire } from '../fake-server.test.support.js'

const ok = { ok: true }
const template = { id: 't', name: 'T', spawn: { command: 'a', args: [] }, runtime: { provider: 'local' } }
const settings = { autoApprovePermissions: true }
const preview = { path: 'a', content: 'x', truncated: false, maxChars: 100_000 }
const snapshot = { root: '/w', entries: [], truncated: false, maxEntries: 10_000 }
const queue = { processing: false, paused: false, items: [], size: 0 }
const instance = { name: 'local', typeName: 'local', status: 'running', websocketUrl: 'ws://h/ws' }
const runtimes = [{ typeName: 'local', onlyOne: true, instances: [instance] }]
const message = {
  id: 1,
  sessionId: null,
  text: 'x',
  runtime: 'local',
  agent: 'A',
  agentTemplateId: null,
  directory: null,
  status: 'pending',
  createdAt: 't',
  sentAt: null,
}
const result = { stopReason: 'end_turn', usage: { tokens: 3 } }
const queued = { queued: true, queueId: 'q', position: 0 }
const branches = { branches: [{ name: 'main', sha: 'a', current: true, remote: false }] }
const commits = { branch: 'HEAD', commits: [] }
const worktrees = { worktrees: [{ path: '/w', sha: 'a', branch: 'main' }] }
const file = { path: 'a', status: 'renamed', from: 'b', staged: true }
const status = { branch: 'main', ahead: 0, behind: 1, root: '/w', files: [file], truncated: false }
const diff = { diff: '', truncated: false }
const found = {
  query: 'x',
  kind: 'text',
  matches: [{ path: 'a', line: 1, column: 2, text: 'x' }],
  truncated: false,
}
const asked = { requestId: 'r', toolCallId: 'c', title: '', options: [], state: 'open', askedAt: 't' }
const delivery = {
  id: 'd',
  position: 1,
  webhookId: 'w',
  eventId: 'e',
  eventType: 'end_turn',
  state: 'dead',
  attempts: 5,
  createdAt: 't',
  nextAt: null,
  sentAt: null,
  deadAt: 't',
  lastError: 'no',
  lastStatus: 500,
}
const commands = [{ name: 'review', description: 'd' }]

type Row = [
  call: string,
  act: (client: SessionsClient) => Promise<unknown>,
  answer: unknown,
  resolved?: unknown,
  body?: Wire,
]

const rows: Row[] = [
  ['GET /settings', (c) => c.fetchSettings(), settings],
  ['PATCH /settings', (c) => c.updateSettings(settings), settings, settings, settings],
  ['GET /agent-templates', (c) => c.fetchAgentTemplates(), [template]],
  ['POST /agent-templates', (c) => c.registerAgentTemplate(template), template, template, template],
  [
    'PUT /agent-templates/a%2Fb',
    (c) => c.updateAgentTemplate('a/b', { name: 'X' }),
    template,
    template,
    { name: 'X' },
  ],
  ['DELETE /agent-templates/t', (c) => c.deleteAgentTemplate('t'), ok, undefined],
  ['GET /agents', (c) => c.fetchSessions(), [aSession('s')]],
  ['GET /agents/s', (c) => c.fetchSession('s'), aSession('s')],
  [
    'GET /agents/s?includeFileSystem=true&showAllFiles=true&logs=false',
    (c) => c.fetchSession('s', { includeFileSystem: true, showAllFiles: true, logs: false }),
    aSession('s'),
  ],
  [
    'POST /agents',
    (c) => c.createSession({ agentTemplateId: 't' }),
    aSession('s'),
    aSession('s'),
    { agentTemplateId: 't' },
  ],
  ['DELETE /agents/s', (c) => c.terminateSession('s'), ok, undefined],
  ['POST /agents/s/prompts', (c) => c.promptSession('s', 'x'), result, result, { text: 'x' }],
  ['POST /agents/s/prompts', (c) => c.promptSession('s', 'x'), queued],
  [
    'POST /agents/s/prompts?wait=false',
    (c) => c.sendPrompt('s', 'x'),
    { accepted: true, turnId: 'turn_1' },
    undefined,
    { text: 'x' },
  ],
  ['POST /agents/s/cancel', (c) => c.cancelTurn('s'), ok, undefined],
  ['GET /agents/s/status', (c) => c.fetchSessionStatus('s'), { processing: true, pendingPermission: false }],
  ['GET /agents/s/commands', (c) => c.fetchCommands('s'), commands],
  [
    'POST /agents/s/permissions/r',
    (c) => c.resolvePermission('s', 'r', { optionId: 'o' }),
    ok,
    undefined,
    { optionId: 'o' },
  ],
  ['GET /agents/s/permissions', (c) => c.fetchPermissions('s'), { permissions: [asked] }, [asked]],
  ['GET /agents/s/settings', (c) => c.fetchSessionSettings('s'), settings],
  ['PATCH /agents/s/settings', (c) => c.updateSessionSettings('s', settings), settings],
  ['POST /agents/s/mode', (c) => c.setMode('s', 'code'), ok, undefined, { modeId: 'code' }],
  ['POST /agents/s/model', (c) => c.setModel('s', 'm'), ok, undefined, { modelId: 'm' }],
  [
    'POST /agents/s/config',
    (c) => c.setConfigOption('s', 'o', true),
    ok,
    undefined,
    { configId: 'o', value: true },
  ],
  [
    'GET /agents/s/webhooks/deliveries?state=dead&limit=5',
    (c) => c.fetchWebhookDeliveries('s', { state: 'dead', limit: 5 }),
    { deliveries: [delivery] },
    [delivery],
  ],
  ['POST /agents/s/webhooks/deliveries/d/retry', (c) => c.retryWebhookDelivery('s', 'd'), ok, undefined],
  ['GET /agents/s/queue', (c) => c.fetchQueue('s'), queue],
  ['DELETE /agents/s/queue/q', (c) => c.cancelQueueItem('s', 'q'), ok, undefined],
  ['DELETE /agents/s/queue', (c) => c.clearQueue('s'), { ok: true, cleared: 2 }, 2],
  ['PUT /agents/s/queue', (c) => c.reorderQueue('s', ['b', 'a']), ok, undefined, { order: ['b', 'a'] }],
  ['POST /agents/s/queue/pause', (c) => c.pauseQueue('s'), ok, undefined],
  ['POST /agents/s/queue/resume', (c) => c.resumeQueue('s'), ok, undefined],
  ['GET /message-queue', (c) => c.listMessageQueue(), [message]],
  ['POST /message-queue', (c) => c.enqueueMessage({ text: 'x' }), message, message, { text: 'x' }],
  ['POST /message-queue/1/send', (c) => c.sendQueuedMessage(1), result],
  ['DELETE /message-queue/1', (c) => c.removeQueuedMessage(1), ok, undefined],
  ['DELETE /message-queue', (c) => c.clearMessageQueue(), ok, undefined],
  ['GET /runtimes', (c) => c.fetchRuntimes(), runtimes],
  ['POST /runtimes/local/start', (c) => c.startRuntime('local'), instance],
  [
    'POST /runtimes/docker/start',
    (c) => c.startRuntime('docker', 'staging'),
    instance,
    instance,
    { name: 'staging' },
  ],
  ['POST /runtimes/local/stop', (c) => c.stopRuntime('local'), ok, undefined],
  ['POST /runtimes/local/pause', (c) => c.pauseRuntime('local'), ok, undefined],
  ['DELETE /runtimes/local', (c) => c.deleteRuntime('local'), ok, undefined],
  ['GET /agents/s/files?path=a+b', (c) => c.fetchSessionFilePreview('s', 'a b'), preview],
  [
    'GET /agents/s/fs/snapshot?path=src&showAllFiles=true',
    (c) => c.fetchSessionFileSystem('s', { path: 'src', showAllFiles: true }),
    snapshot,
  ],
  ['GET /agents/s/fs/snapshot', (c) => c.fetchSessionFileSystem('s', { showAllFiles: false }), snapshot],
  ['GET /agents/s/fs/search?q=x&kind=text', (c) => c.searchSessionFiles('s', 'x', { kind: 'text' }), found],
  ['GET /agents/s/fs/git/branches', (c) => c.fetchSessionGitBranches('s'), branches],
  [
    'GET /agents/s/fs/git/commits?branch=main&limit=5',
    (c) => c.fetchSessionGitCommits('s', { branch: 'main', limit: 5 }),
    commits,
  ],
  ['GET /agents/s/fs/git/status', (c) => c.fetchSessionGitStatus('s'), status],
  ['GET /agents/s/fs/git/diff?path=a', (c) => c.fetchSessionGitDiff('s', { path: 'a' }), diff],
  ['GET /agents/s/fs/git/worktrees', (c) => c.fetchSessionGitWorktrees('s'), worktrees],
  ['GET /runtimes/local/files?path=a', (c) => c.fetchRuntimeFilePreview('local', 'a'), preview],
  ['GET /runtimes/local/fs/snapshot', (c) => c.fetchRuntimeFileSystem('local'), snapshot],
  ['GET /runtimes/local/fs/search?q=x', (c) => c.searchRuntimeFiles('local', 'x'), found],
  ['GET /runtimes/local/fs/commands', (c) => c.fetchRuntimeCommands('local'), commands],
  [
    'GET /runtimes/local/fs/git/branches?path=p',
    (c) => c.fetchRuntimeGitBranches('local', { path: 'p' }),
    branches,
  ],
  ['GET /runtimes/local/fs/git/commits', (c) => c.fetchRuntimeGitCommits('local'), commits],
  ['GET /runtimes/local/fs/git/status', (c) => c.fetchRuntimeGitStatus('local'), status],
  [
    'GET /runtimes/local/fs/git/diff?staged=true&file=a',
    (c) => c.fetchRuntimeGitDiff('local', { staged: true, file: 'a' }),
    diff,
  ],
  ['GET /runtimes/local/fs/git/worktrees', (c) => c.fetchRuntimeGitWorktrees('local'), worktrees],
  [
    'POST /runtimes/local/fs/git/worktrees',
    (c) => c.createRuntimeGitWorktree('local', { name: 'fix' }),
    { path: '/p', message: 'm' },
    undefined,
    { name: 'fix' },
  ],
  ['POST /anything?a=1', (c) => c.request('POST', '/anything?a=1', { b: 2 }), { c: 3 }, undefined, { b: 2 }],
]

test.each(rows)('%s', async (call, act, answer, ...expected) => {
  const fake = await openFakeServer()
  fake.routes.set(call.split('?')[0] ?? '', () => ({ body: answer }))

  const got = await act(fake.client())

  expect(fake.calls()).toEqual([call])
  const resolved = answer === ok || expected[0] !== undefined ? expected[0] : answer
  expect(got).toEqual(resolved)
  if (expected.length > 1) expect(fake.asked[0]?.body).toEqual(expected[1])
})

describe('failures', () => {
  test.each<[string, (client: SessionsClient) => Promise<unknown>, number, string, string, string]>([
    [
      'GET /agents/s',
      (c) => c.fetchSession('s'),
      404,
      '{"error":"Agent not found"}',
      'Session not found',
      'not_found',
    ],
    [
      'GET /agents',
      (c) => c.fetchSessions(),
      401,
      '{"error":"no"}',
      'Failed to fetch sessions',
      'unauthenticated',
    ],
    [
      'POST /agents/s/prompts',
      (c) => c.promptSession('s', 'x'),
      409,
      '{"error":"busy"}',
      'Prompt failed (409)',
      'conflict',
    ],
    [
      'POST /agents/s/permissions/r',
      (c) => c.resolvePermission('s', 'r', { optionId: 'o' }),
      404,
      '{"error":"gone"}',
      'Permission resolve failed (404)',
      'not_found',
    ],
    [
      'POST /agents',
      (c) => c.createSession({}),
      400,
      '{"success":false,"error":{"name":"ZodError","message":"issues"}}',
      'Failed to create session',
      'invalid_request',
    ],
    ['GET /runtimes', (c) => c.fetchRuntimes(), 502, '<html>', 'Failed to fetch runtimes', 'internal'],
    ['GET /settings', (c) => c.fetchSettings(), 403, '', 'Failed to fetch settings', 'forbidden'],
    ['GET /x', (c) => c.request('GET', '/x'), 404, '404 Not Found', 'Request failed (404)', 'not_found'],
  ])('%s', async (route, act, status, text, said, code) => {
    const fake = await openFakeServer()
    fake.routes.set(route, () => ({ status, text }))

    await expect(act(fake.client())).rejects.toMatchObject({
      name: 'SessionsClientError',
      status,
      code,
      message: said,
    })
  })

  test('say what the server said, and how long to wait', async () => {
    const fake = await openFakeServer()
    const headers = { 'retry-after': '3' }
    fake.routes.set('POST /agents/s/prompts', () => ({
      status: 503,
      body: { error: 'host not connected' },
      headers,
    }))

    const failure = { code: 'unavailable', detail: 'host not connected', retryAfterMs: 3_000 }
    await expect(fake.client().promptSession('s', 'x')).rejects.toMatchObject(failure)
  })

  test('of answers that are something else', async () => {
    const fake = await openFakeServer()
    fake.routes.set('GET /agents/s', () => ({ body: { ...aSession('s'), pendingPermission: undefined } }))

    await expect(fake.client().fetchSession('s')).rejects.toMatchObject({
      code: 'invalid_response',
      status: 200,
    })
  })

  test('of servers that are not there, of clients that are closed, of ids that lead elsewhere', async () => {
    const fake = await openFakeServer()
    const client = fake.client()
    await expect(client.cancelQueueItem('s', '..')).rejects.toMatchObject({ code: 'invalid_request' })
    expect(fake.calls()).toEqual([])

    fake.cut()
    await expect(client.fetchSessions()).rejects.toMatchObject({ code: 'network', status: undefined })

    client.close()
    await expect(client.fetchSessions()).rejects.toMatchObject({ code: 'closed' })
    for (const open of [() => client.session('s'), () => client.connect(), () => client.terminals()])
      expect(open).toThrow('closed')
  })
})

test('the token goes with every call, and is asked for anew', async () => {
  const fake = await openFakeServer()
  fake.routes.set('GET /agents', () => ({ body: [] }))
  const tokens = ['one', 'two', undefined]
  const client = fake.client({ token: () => tokens.shift() })

  for (const _ of [1, 2, 3]) await client.fetchSessions()

  const sent = fake.asked.map(({ headers }) => headers.authorization)
  expect(sent).toEqual(['Bearer one', 'Bearer two', undefined])
})

test('a base may be an address, with or without slashes at its end', async () => {
  const fake = await openFakeServer()
  for (const baseUrl of [new URL(`${fake.baseUrl}/`), `${fake.baseUrl}//`])
    await expect(fake.client({ baseUrl }).fetchSessions()).resolves.toEqual([])
})
