import { describe, expect, test } from 'vitest'
import { sessionsErrors } from '../errors.js'
import { type Doors, openDoors } from '../plane-doors.test.support.js'

const json = { 'content-type': 'application/json' }

async function ask(doors: Doors, method: string, path: string, body?: unknown) {
  const text = typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body)
  const init = text === undefined ? { method } : { method, body: text, headers: json }
  const response = await doors.fetch(`/api${path}`, init)
  const answered = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json')
  return { status: response.status, body: isJson ? JSON.parse(answered) : answered }
}

/** The doors with an active session `s1`, one that has ended, and a host that answers. */
async function openFull(): Promise<Doors> {
  const doors = await openDoors()
  await doors.session('s1')
  await doors.session('over', { status: 'killed' })
  const answers: Record<string, unknown> = {
    'GET /files': { path: 'a', content: 'x', truncated: false, maxChars: 100_000 },
    'GET /fs/snapshot': { root: '/srv', entries: [], truncated: false, maxEntries: 10_000 },
    'GET /fs/search': { matches: [], truncated: false },
    'GET /fs/git/branches': { branches: [] },
    'GET /fs/git/commits': { branch: 'HEAD', commits: [] },
    'GET /fs/git/worktrees': { worktrees: [] },
    'GET /fs/git/status': { branch: 'main', files: [] },
    'GET /fs/git/diff': { diff: '', truncated: false },
    'POST /fs/git/worktrees': { path: '/w', message: 'HEAD is now at 1' },
    'GET /queue': { processing: false, paused: false, items: [], size: 0 },
    'DELETE /queue': { ok: true, cleared: 2 },
    'PUT /queue': { ok: true },
    'POST /queue/pause': { ok: true },
    'POST /queue/resume': { ok: true },
    'DELETE /queue/q%2F1': { ok: true },
    'POST /mode': { ok: true },
    'POST /model': { ok: true },
    'POST /config': { ok: true },
  }
  for (const [name, body] of Object.entries(answers)) doors.host.set(name, { status: 200, body })
  return doors
}

const ok = { ok: true }
const spawn = { command: 'node' }

// proves: sessions.s01
describe('a route answers', () => {
  test.each<[string, string, unknown, number, unknown]>([
    ['GET', '/health', undefined, 200, { status: 'ok', sessions: 2 }],
    ['GET', '/settings', undefined, 200, { autoApprovePermissions: false }],
    ['PATCH', '/settings', { autoApprovePermissions: true, other: 1 }, 200, { autoApprovePermissions: true }],
    ['GET', '/agent-templates', undefined, 200, []],
    ['POST', '/agent-templates', { name: 'R', spawn }, 201, { id: 't1', name: 'R' }],
    ['PUT', '/agent-templates/t1', { name: 'R' }, 200, { id: 't1' }],
    ['DELETE', '/agent-templates/t1', undefined, 200, ok],
    ['POST', '/runtimes/staging/start', { name: 'box' }, 201, { name: 'box', status: 'running' }],
    ['POST', '/runtimes/staging/start', 'no json', 201, { name: 'staging' }],
    ['POST', '/runtimes/staging/start', undefined, 201, { name: 'staging' }],
    ['POST', '/runtimes/box/stop', undefined, 200, ok],
    ['POST', '/runtimes/box/pause', undefined, 200, ok],
    ['DELETE', '/runtimes/box', undefined, 200, ok],
    ['GET', '/runtimes/local/files?path=a', undefined, 200, { content: 'x' }],
    ['GET', '/runtimes/local/fs/snapshot?path=a&showAllFiles=true', undefined, 200, { entries: [] }],
    ['GET', '/runtimes/local/fs/search?q=a', undefined, 200, { matches: [] }],
    ['GET', '/runtimes/local/fs/commands', undefined, 200, []],
    ['GET', '/runtimes/local/fs/git/branches', undefined, 200, { branches: [] }],
    ['GET', '/runtimes/local/fs/git/commits', undefined, 200, { commits: [] }],
    ['GET', '/runtimes/local/fs/git/worktrees', undefined, 200, { worktrees: [] }],
    ['GET', '/runtimes/local/fs/git/status', undefined, 200, { files: [] }],
    ['GET', '/runtimes/local/fs/git/diff', undefined, 200, { diff: '' }],
    ['POST', '/runtimes/local/fs/git/worktrees', { name: 'w' }, 201, { path: '/w' }],
    ['POST', '/agents', { spawn }, 201, { id: 'new', websocketUrl: expect.stringContaining('/ws') }],
    ['GET', '/agents/s1', undefined, 200, { id: 's1', pendingPermission: null, promptQueue: null }],
    ['GET', '/agents/s1/', undefined, 200, { id: 's1' }],
    ['DELETE', '/agents/s1', undefined, 200, ok],
    ['GET', '/agents/s1/status', undefined, 200, { processing: false, pendingPermission: false }],
    ['GET', '/agents/s1/commands', undefined, 200, []],
    ['POST', '/agents/s1/prompts', { text: 'hi' }, 200, { stopReason: 'end_turn' }],
    ['POST', '/agents/s1/prompts?wait=false', { text: 'hi' }, 202, { accepted: true }],
    ['POST', '/agents/s1/cancel', undefined, 200, ok],
    ['GET', '/agents/s1/permissions', undefined, 200, { permissions: [] }],
    ['POST', '/agents/s1/permissions/p1', { optionId: 'a' }, 200, ok],
    ['POST', '/agents/s1/permissions/p1', { outcome: 'cancelled' }, 200, ok],
    ['GET', '/agents/s1/settings', undefined, 200, { autoApprovePermissions: false }],
    [
      'PATCH',
      '/agents/s1/settings',
      { autoApprovePermissions: 'no' },
      200,
      { autoApprovePermissions: false },
    ],
    ['PATCH', '/agents/s1/settings', { autoApprovePermissions: true }, 200, { autoApprovePermissions: true }],
    ['GET', '/agents/s1/queue', undefined, 200, { size: 0 }],
    ['DELETE', '/agents/s1/queue', undefined, 200, { ok: true, cleared: 2 }],
    ['PUT', '/agents/s1/queue', { order: ['b', 'a'] }, 200, ok],
    ['POST', '/agents/s1/queue/pause', undefined, 200, ok],
    ['POST', '/agents/s1/queue/resume', undefined, 200, ok],
    ['DELETE', '/agents/s1/queue/q%2F1', undefined, 200, ok],
    ['POST', '/agents/s1/mode', { modeId: 'plan' }, 200, ok],
    ['POST', '/agents/s1/model', { modelId: 'big' }, 200, ok],
    ['POST', '/agents/s1/config', { configId: 'c', value: true }, 200, ok],
    ['GET', '/agents/s1/files?path=a', undefined, 200, { content: 'x' }],
    ['GET', '/agents/s1/fs/snapshot', undefined, 200, { root: '/srv' }],
    ['GET', '/agents/s1/fs/search?q=a', undefined, 200, { matches: [] }],
    ['GET', '/agents/s1/fs/git/status', undefined, 200, { files: [] }],
    ['GET', '/agents/s1/webhooks/deliveries?state=dead&limit=5', undefined, 200, { deliveries: [] }],
    ['POST', '/agents/s1/webhooks/deliveries/d1/retry', undefined, 200, ok],
    ['GET', '/message-queue', undefined, 200, []],
    ['POST', '/message-queue', { text: 'hi', sessionId: null }, 201, { id: 1, status: 'pending' }],
    ['POST', '/message-queue/1/send', undefined, 200, { stopReason: 'end_turn' }],
    ['DELETE', '/message-queue/1', undefined, 200, ok],
    ['DELETE', '/message-queue', undefined, 200, ok],
    ['POST', '/agents/s1/events?secret=right', { type: 'x', data: {} }, 200, ok],
    ['POST', '/callbacks/right/agents/s1/events', { type: 'x', data: {} }, 200, ok],
  ])('%s %s %j with %i', async (method, path, body, status, expected) => {
    const answer = await ask(await openFull(), method, path, body)

    expect(answer.status).toBe(status)
    if (Array.isArray(expected)) expect(answer.body).toEqual(expected)
    else expect(answer.body).toMatchObject(expected as object)
  })
})

describe('a route refuses', () => {
  const deep = `{"text":${'['.repeat(100)}${']'.repeat(100)}}`
  test.each<[string, string, unknown, number, string | RegExp]>([
    ['PATCH', '/settings', { autoApprovePermissions: 'no' }, 400, /must be a boolean/],
    ['PATCH', '/settings', '{', 400, 'Invalid JSON body'],
    ['PATCH', '/settings', '[]', 400, 'The body must be a JSON object'],
    ['PATCH', '/agents/s1/settings', '{', 400, 'Invalid JSON body'],
    ['PATCH', '/agents/no/settings', {}, 404, 'Agent not found'],
    ['GET', '/runtimes/local/files', undefined, 400, 'Missing ?path= parameter'],
    ['GET', '/agents/s1/files', undefined, 400, 'Missing ?path= parameter'],
    ['GET', '/agents/over/files?path=a', undefined, 404, 'Session not found'],
    ['POST', '/runtimes/local/fs/git/worktrees', {}, 400, "Missing 'name' field"],
    ['POST', '/runtimes/local/fs/git/worktrees', '{', 400, 'Invalid JSON body'],
    ['GET', '/agents/no', undefined, 404, 'Agent not found'],
    ['GET', '/agents/no/status', undefined, 404, 'Agent not found'],
    ['DELETE', '/agents/no', undefined, 404, 'Session "no" not found'],
    ['DELETE', '/agents/over', undefined, 409, 'Cannot terminate an already-killed session'],
    ['POST', '/agents/s1/prompts', {}, 400, "Missing 'text' field"],
    ['POST', '/agents/s1/prompts', { text: '' }, 400, "Missing 'text' field"],
    ['POST', '/agents/s1/prompts', { text: 1 }, 400, "Missing 'text' field"],
    ['POST', '/agents/s1/prompts', undefined, 400, "Missing 'text' field"],
    ['POST', '/agents/s1/prompts', '{', 400, 'Invalid JSON body'],
    ['POST', '/agents/s1/prompts', deep, 400, /nested too deeply/],
    ['POST', '/agents/over/prompts', { text: 'x' }, 404, 'Session not found'],
    ['POST', '/agents/s1/permissions/p1', {}, 400, 'Missing optionId or outcome field'],
    ['POST', '/agents/s1/permissions/p1', { outcome: 'selected' }, 400, 'Missing optionId or outcome field'],
    ['POST', '/agents/s1/permissions/unknown', { optionId: 'a' }, 404, /already resolved/],
    ['PUT', '/agents/s1/queue', {}, 400, "Missing 'order' array"],
    ['PUT', '/agents/s1/queue', { order: [1] }, 400, "Missing 'order' array"],
    ['PUT', '/agents/s1/queue', '{', 400, 'Invalid JSON body'],
    ['GET', '/agents/over/queue', undefined, 404, 'Session not found'],
    ['POST', '/agents/s1/mode', {}, 400, "Missing 'modeId' field"],
    ['POST', '/agents/s1/config', { configId: 'c' }, 400, "Missing 'value' field"],
    ['POST', '/agents/s1/events?secret=right', { type: 'x' }, 400, 'Invalid event: missing type or data'],
    ['POST', '/agents/s1/events?secret=right', '{', 400, 'Invalid JSON body'],
    ['POST', '/agents/s1/events', { type: 'x', data: {} }, 404, 'Agent not found'],
    ['POST', '/callbacks/wrong/agents/s1/events', { type: 'x', data: {} }, 404, 'Agent not found'],
    ['POST', '/message-queue', { text: ' ' }, 400, "Missing 'text' field"],
    ['POST', '/message-queue', '{', 400, 'Invalid JSON body'],
    ['POST', '/message-queue', { text: 'x', runtime: 5 }, 400, "'runtime' must be a string"],
    ['POST', '/message-queue/x/send', undefined, 400, 'Invalid id'],
    ['POST', '/message-queue/9/send', undefined, 404, 'Message not found'],
    ['DELETE', '/message-queue/x', undefined, 400, 'Invalid id'],
    ['GET', '/agents/s1/webhooks/deliveries?state=odd', undefined, 400, /'state'/],
    ['GET', '/agents/s1/webhooks/deliveries?limit=0', undefined, 400, /'limit'/],
    ['GET', '/agents/a%00b', undefined, 404, 'Agent not found'],
  ])('%s %s %j with %i', async (method, path, body, status, error) => {
    const answer = await ask(await openFull(), method, path, body)

    expect(answer.status).toBe(status)
    expect(answer.body).toEqual({ error: typeof error === 'string' ? error : expect.stringMatching(error) })
  })

  test.each([
    ['GET', '/agents/s1/events'],
    ['GET', '/sessions'],
    ['POST', '/agents/s1/prompt'],
    ['PATCH', '/agents/s1'],
    ['GET', '/message-queue/1'],
    ['GET', '/agents/s1/status/'],
  ])('%s %s, which is no route, with a text', async (method, path) => {
    const response = await (await openFull()).fetch(`/api${path}`, { method })

    expect(response.status).toBe(404)
    expect(await response.text()).toBe('404 Not Found')
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/)
  })

  // proves: sessions.s66
  test('a body over the limit before it is read', async () => {
    const doors = await openDoors({ limits: { bodyBytes: 100 } })
    const body = JSON.stringify({ text: 'x'.repeat(200) })

    for (const path of ['/agents/s1/prompts', '/agents', '/message-queue']) {
      expect(await ask(doors, 'POST', path, body)).toEqual({
        status: 413,
        body: { error: 'payload too large' },
      })
    }
  })
})

// proves: sessions.s12
describe('the validated routes', () => {
  test.each<[string, string, unknown, RegExp]>([
    ['POST', '/agents', {}, /exactly one/],
    ['POST', '/agents', { spawn, agentTemplateId: 't' }, /exactly one/],
    ['POST', '/agents', { spawn: { command: '' } }, /"command"/],
    ['POST', '/agents', { spawn, sessionId: 'x' }, /"sessionId"/],
    ['POST', '/agents', { spawn, webhooks: [{ url: 'no', secret: 's' }] }, /"url"/],
    ['POST', '/agents', { spawn, webhooks: [{ url: 'http://a.b', secret: '' }] }, /"secret"/],
    ['POST', '/agents', { spawn, webhooks: [{ url: 'http://a.b', secret: 's', events: ['x'] }] }, /"events"/],
    ['POST', '/agent-templates', { spawn }, /"name"/],
    ['POST', '/agent-templates', { name: 'a', spawn, runtime: { provider: 'no' } }, /Unknown runtime/],
    ['PUT', '/agent-templates/t1', { name: '' }, /"name"/],
    ['PUT', '/agent-templates/t1', { runtime: { provider: 'no' } }, /Unknown runtime/],
  ])('%s %s %j says what the schema says', async (method, path, body, message) => {
    const answer = await ask(await openDoors(), method, path, body)

    expect(answer).toEqual({
      status: 400,
      body: { success: false, error: { name: 'ZodError', message: expect.stringMatching(message) } },
    })
    expect(JSON.parse(answer.body.error.message)).toBeInstanceOf(Array)
  })

  test('say so when the body is no JSON', async () => {
    expect(await ask(await openDoors(), 'POST', '/agents', '{')).toEqual({
      status: 400,
      body: 'Malformed JSON in request body',
    })
  })

  test('take a body without a JSON content type for an empty one', async () => {
    const doors = await openDoors()

    for (const type of ['text/plain', 'application/x-json-no']) {
      const body = JSON.stringify({ spawn })
      const init = { method: 'POST', body, headers: { 'content-type': type } }
      const response = await doors.fetch('/api/agents', init)
      expect([response.status, (await response.json()).success]).toEqual([400, false])
    }
    expect(doors.calls).toEqual([])
  })

  test('keep what the schema knows and drop the rest', async () => {
    const doors = await openDoors()
    const runtime = { provider: 'staging', setup: 'npm ci', image: 'x' }

    await ask(doors, 'POST', '/agent-templates', { name: 'a', spawn, runtime, more: 1 })

    const kept = { provider: 'staging', setup: 'npm ci' }
    const expected = { name: 'a', spawn: { command: 'node', args: [] }, runtime: kept }
    expect(doors.calls).toEqual([['registerAgentTemplate', expected]])
  })
})

test('storage that is down degrades the health, without its words', async () => {
  const doors = await openDoors()
  const down = new Error('connect ECONNREFUSED 10.0.0.5:5432')

  for (const [thrown, error] of [
    [down, 'storage unavailable'],
    ['odd', 'Unknown error'],
  ]) {
    doors.service.health = () => Promise.reject(thrown)
    const expected = { status: 503, body: { status: 'degraded', error } }
    expect(await ask(doors, 'GET', '/health')).toEqual(expected)
  }
  expect(doors.faults.splice(0)).toEqual([down, 'odd'])
})

test('a fault shows as an internal error and is reported', async () => {
  const doors = await openDoors()
  doors.service.listSessions = () => Promise.reject(new Error('secret'))

  const expected = { status: 500, body: { error: 'internal error' } }
  expect(await ask(doors, 'GET', '/agents')).toEqual(expected)
  expect(doors.faults.splice(0)).toHaveLength(1)
})

describe("a host's answer", () => {
  test.each<[number, unknown, number, unknown]>([
    [403, { error: 'Path outside workspace' }, 403, { error: 'Path outside workspace' }],
    [418, { error: 'thing not found' }, 404, { error: 'thing not found' }],
    [418, { error: 'odd' }, 500, { error: 'odd' }],
    [503, { error: 'host not connected' }, 503, { error: 'host not connected' }],
    [200, undefined, 200, { error: 'Invalid response from session-host' }],
  ])('%i %j becomes %i', async (status, body, expected, shown) => {
    const doors = await openFull()
    doors.host.set('GET /files', { status, body, headers: { 'retry-after': '2' } })

    const answer = await doors.fetch('/api/runtimes/local/files?path=a')

    expect([answer.status, await answer.json()]).toEqual([expected, shown])
    expect(answer.headers.get('retry-after')).toBe('2')
  })

  test('to a request for the queue keeps its status, whatever it is', async () => {
    const doors = await openFull()
    doors.host.set('GET /queue', { status: 418, body: 'not json' })

    const expected = { status: 418, body: { error: 'Invalid response from session-host' } }
    expect(await ask(doors, 'GET', '/agents/s1/queue')).toEqual(expected)
  })

  test('is asked for with what the route knows of the query, and with nothing else', async () => {
    const doors = await openFull()

    await ask(doors, 'GET', '/runtimes/local/fs/git/commits?path=a&branch=b&limit=3&token=t&x=1')

    const request = { method: 'GET', path: '/fs/git/commits', query: { path: 'a', branch: 'b', limit: '3' } }
    expect(doors.calls).toEqual([['fetchInstance', 'local', request]])
  })

  test('that could not be had says when to come back', async () => {
    const doors = await openFull()
    doors.service.fetchSession = () => Promise.reject(sessionsErrors.hostNotConnected({ retryAfter: 3 }))

    const answer = await doors.fetch('/api/agents/s1/queue')

    expect([answer.status, await answer.json()]).toEqual([503, { error: 'host not connected' }])
    expect(answer.headers.get('retry-after')).toBe('3')
  })
})

test('commands of an instance are those of the session that changed last and knows some', async () => {
  const doors = await openDoors()
  const commands = [{ name: 'review', description: 'Reviews' }]
  await doors.session('a')
  await doors.session('b', { commands })
  await doors.session('c', { commands: [{ name: 'x', description: '' }], instance: 'box' })

  expect(await ask(doors, 'GET', '/runtimes/local/fs/commands')).toEqual({ status: 200, body: commands })
  expect((await ask(doors, 'GET', '/runtimes/none/fs/commands')).body).toEqual([])
})
