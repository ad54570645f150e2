import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fakeRuntime } from '@parley/sessions/runtimes'
import { eventually } from '@parley/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'
import { demoTemplate, isoTime, isRunning, uuid } from './support/agents.js'
import { openPeer } from './support/peer.js'
import { scriptedAgent } from './support/scripted-agent.js'
import { bothGrounds, sharedStage } from './support/shared-stage.js'
import { ask, demoSpawn, openStage } from './support/stage.js'

const failing = { setup: "echo out; echo 'went wrong' >&2; exit 3" }
const templates = [
  demoTemplate(),
  demoTemplate({
    id: 'env',
    runtime: { provider: 'local', env: { PARLEY_E2E_A: 'runtime', PARLEY_E2E_B: 'runtime' } },
    env: { PARLEY_E2E_B: 'template', PARLEY_E2E_C: 'template' },
  }),
  demoTemplate({ id: 'setup', runtime: { provider: 'local', setup: 'pwd > here; echo ready > made' } }),
  demoTemplate({ id: 'failing', runtime: { provider: 'local', ...failing } }),
]

/** Of the server's own environment. */
const secretName = 'PARLEY_E2E_API_KEY'
process.env[secretName] = 'hush'

async function directory(): Promise<string> {
  const made = await realpath(await mkdtemp(join(tmpdir(), 'parley-e2e-cwd-')))
  onTestFinished(() => rm(made, { recursive: true, force: true }))
  return made
}

describe.each(bothGrounds)('making a session on $name', (ground) => {
  const stage = sharedStage(ground, { agentTemplates: templates })
  const create = (body: unknown) => stage().call('POST', '/agents', body)
  const listed = async () => (await stage().call('GET', '/agents')).body
  /** What must not have left anything behind. */
  const counts = async () => [(await listed()).length, (await stage().call('GET', '/health')).body.sessions]

  // proves: sessions.s10
  test('of a template answers everything that clients validate', async () => {
    const { status, body } = await create({ agentTemplateId: 'demo' })

    expect(status).toBe(201)
    expect(body).toMatchObject({
      id: expect.stringMatching(uuid),
      agentName: 'Demo',
      spawn: demoSpawn(),
      startedAt: expect.stringMatching(isoTime),
      lastUpdatedAt: expect.stringMatching(isoTime),
      status: 'active',
      logs: [],
      pendingPermission: null,
      fileSystem: null,
      runtime: 'local',
      cwd: stage().cwd,
      websocketUrl: expect.stringMatching(`^ws://${stage().authority}/ws`),
    })
    expect(body).toHaveProperty('promptQueue')
  })

  // proves: sessions.s10
  test('gives an address under which the session is watched', async () => {
    const { body } = await create({ agentTemplateId: 'demo' })
    const peer = await openPeer(body.websocketUrl, { headers: { authorization: 'Bearer alice' } })
    onTestFinished(() => peer.terminate())
    await peer.next(({ type }) => type === 'connected')
    await peer.subscribe(`session:${body.id}`)

    await stage().prompt(body.id, 'echo seen')

    const chunk = await peer.next(({ event }) => event?.data.payload?.update?.content?.text === 'seen')
    expect(chunk).toMatchObject({ channel: `session:${body.id}`, sessionId: body.id, agentId: body.id })
  })

  // proves: sessions.s11
  test('of a command is named by its name, else by its command line', async () => {
    const spawn = demoSpawn('--modes')
    const named = await create({ spawn, name: '  Scratch  ' })
    const unnamed = await create({ spawn })
    const blank = await create({ spawn, name: '   ' })

    const line = [spawn.command, ...spawn.args].join(' ')
    expect([named.status, named.body.agentName, named.body.runtime]).toEqual([201, 'Scratch', 'local'])
    expect([unnamed.body.agentName, blank.body.agentName]).toEqual([line, line])
    expect(unnamed.body.spawn).toEqual(spawn)
  })

  // proves: sessions.s11
  test('of a command may leave its arguments out', async () => {
    const cwd = await directory()
    const program = join(cwd, 'agent.sh')
    const [command, main] = [demoSpawn().command, demoSpawn().args[0]]
    await writeFile(program, `#!/bin/sh\nexec "${command}" "${main}"\n`, { mode: 0o755 })

    const { status, body } = await create({ spawn: { command: program }, cwd })

    expect([status, body.spawn]).toEqual([201, { command: program, args: [] }])
  })

  // proves: sessions.s12
  test.each([
    ['neither a template nor a command', {}],
    ['both', { agentTemplateId: 'demo', spawn: demoSpawn() }],
    ['an empty command', { spawn: { command: '', args: [] } }],
    ['an id that is no UUID', { agentTemplateId: 'demo', sessionId: 'x' }],
    ['an id that is a path', { agentTemplateId: 'demo', sessionId: '../../name' }],
    ['a webhook without an address', { agentTemplateId: 'demo', webhooks: [{ secret: 's' }] }],
    ['a webhook whose address is none', { agentTemplateId: 'demo', webhooks: [{ url: 'x', secret: 's' }] }],
    [
      'a webhook with an empty secret',
      { agentTemplateId: 'demo', webhooks: [{ url: 'https://hooks.example', secret: '' }] },
    ],
    [
      'a webhook of an unknown event',
      { agentTemplateId: 'demo', webhooks: [{ url: 'https://h.example', secret: 's', events: ['rpc'] }] },
    ],
  ])('of %s is refused', async (_, body) => {
    const before = await counts()

    const answer = await create(body)

    expect([answer.status, answer.body]).toEqual([
      400,
      { success: false, error: { name: 'ZodError', message: expect.any(String) } },
    ])
    expect(JSON.parse(answer.body.error.message)[0]).toMatchObject({ message: expect.any(String) })
    expect(await counts()).toEqual(before)
  })

  // proves: sessions.s12
  test.each([
    ['null', null],
    ['a list', []],
    ['a text', '"demo"'],
    ['a number', 5],
  ])('of %s is refused', async (_, body) => {
    expect(await create(body)).toMatchObject({
      status: 400,
      body: { success: false, error: { name: 'ZodError' } },
    })
  })

  // proves: sessions.s12
  test('of an unknown template or of no JSON is refused', async () => {
    const before = await counts()

    for (const agentTemplateId of ['moon', 'a\u0000b', '__proto__', '\ud800', ''])
      expect(await create({ agentTemplateId })).toMatchObject({
        status: 400,
        body: { error: `Unknown agent template "${agentTemplateId}"` },
      })
    expect(await create('{')).toMatchObject({ status: 400, text: 'Malformed JSON in request body' })
    const headers = { 'content-type': 'text/plain' }
    expect(await stage().call('POST', '/agents', { agentTemplateId: 'demo' }, { headers })).toMatchObject({
      status: 400,
      body: { success: false },
    })
    expect(await counts()).toEqual(before)
  })

  // proves: sessions.s13
  test('keeps the id of the client, which is taken once', async () => {
    const sessionId = crypto.randomUUID()
    const first = await create({ agentTemplateId: 'demo', sessionId })

    const second = await create({ spawn: demoSpawn(), name: 'Second', sessionId })

    expect([first.status, first.body.id]).toEqual([201, sessionId])
    expect([second.status, second.body]).toEqual([409, { error: expect.stringContaining('already running') }])
    expect(await ask(stage(), sessionId, 'echo unharmed')).toBe('unharmed')
    const { body } = await stage().call('GET', `/agents/${sessionId}`)
    expect(body).toMatchObject({ status: 'active', agentName: 'Demo' })
    expect((await listed()).filter(({ id }: { id: string }) => id === sessionId)).toHaveLength(1)
  })

  // proves: sessions.s13
  test('of two who want an id at the same time one gets it', async () => {
    const sessionId = crypto.randomUUID()
    const want = (name: string) => create({ spawn: demoSpawn(), name, sessionId })

    const answers = await Promise.all(['a', 'b', 'c'].map(want))

    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409])
    const [won] = answers.filter(({ status }) => status === 201)
    const { body } = await stage().call('GET', `/agents/${sessionId}`)
    expect(body).toMatchObject({ status: 'active', agentName: won!.body.agentName })
    expect(await ask(stage(), sessionId, 'echo one')).toBe('one')
  })

  // proves: sessions.s13
  test('an id that was used is not free again when its session has ended', async () => {
    const sessionId = crypto.randomUUID()
    await create({ agentTemplateId: 'demo', sessionId })
    await stage().call('DELETE', `/agents/${sessionId}`)

    expect(await create({ agentTemplateId: 'demo', sessionId })).toMatchObject({ status: 409 })
    expect((await stage().call('GET', `/agents/${sessionId}`)).body).toMatchObject({ status: 'killed' })
  })

  // proves: sessions.s14
  test('gives the agent the environment of the runtime, over which the template wins', async () => {
    const id = await stage().session({ spawn: undefined, agentTemplateId: 'env' })

    const seen = []
    for (const name of ['A', 'B', 'C', 'D']) seen.push(await ask(stage(), id, `env PARLEY_E2E_${name}`))

    expect(seen).toEqual(['runtime', 'template', 'template', '(not set)'])
  })

  // proves: sessions.s14
  test('gives the agent nothing of the environment of the server that is not harmless', async () => {
    const id = await stage().session()

    expect(await ask(stage(), id, `env ${secretName}`)).toBe('(not set)')
    expect(await ask(stage(), id, 'env PATH')).toBe(process.env.PATH)
  })

  // proves: sessions.s15
  test('runs the setup script in its directory before the agent', async () => {
    const cwd = await directory()

    const { status, body } = await create({ agentTemplateId: 'setup', cwd })

    expect([status, body.cwd]).toEqual([201, cwd])
    expect((await readFile(join(cwd, 'here'), 'utf8')).trim()).toBe(cwd)
    expect(await ask(stage(), body.id, `read ${join(cwd, 'made')}`)).toContain('ready')
  })

  // proves: sessions.s15
  test('fails with its setup, and says what that wrote', async () => {
    const before = await counts()

    const { status, body } = await create({ agentTemplateId: 'failing' })

    expect(status).toBeGreaterThanOrEqual(400)
    expect(body.error).toContain('went wrong')
    expect(body.error).toContain('out')
    expect(await counts()).toEqual(before)
  })

  // proves: sessions.s16
  test.each([
    [
      'a program that is not there',
      { spawn: { command: '/no/such/agent', args: [] } },
      400,
      '/no/such/agent',
    ],
    ['a name that is on no path', { spawn: { command: 'no-such-agent', args: [] } }, 400, 'no-such-agent'],
    ['a directory that is not there', { spawn: demoSpawn(), cwd: '/no/such/place' }, 400, '/no/such/place'],
    [
      'an agent that exits at once',
      { spawn: demoSpawn('--fail-start', 'the key is missing') },
      500,
      'the key is missing',
    ],
    [
      'a program that speaks something else',
      { spawn: { command: 'sh', args: ['-c', 'echo hello; echo oops >&2; exit 4'] } },
      500,
      'oops',
    ],
  ])('of %s says why, and nothing is left', async (_, body, status, text) => {
    const before = await counts()

    const answer = await create(body)

    expect([answer.status, answer.body]).toEqual([status, { error: expect.stringContaining(text) }])
    expect(await counts()).toEqual(before)
    expect((await listed()).every(({ status: is }: { status: string }) => is !== undefined)).toBe(true)
  })

  // proves: sessions.s16
  test('of an agent that refuses to begin says why, and ends it', async () => {
    const cwd = await directory()
    const refusing = await scriptedAgent(
      cwd,
      `const refuse = (message) => send({ id: message.id, error: { code: -32000, message: 'Sign in first' } })
      handlers['session/new'] = refuse
      require('node:fs').writeFileSync('pid', String(process.pid))
      function on() {}`,
    )
    const before = await counts()

    const { status, body } = await create({ spawn: refusing, cwd })

    expect([status, body]).toEqual([500, { error: expect.stringContaining('Sign in first') }])
    const pid = Number(await readFile(join(cwd, 'pid'), 'utf8'))
    await eventually(() => !isRunning(pid))
    expect(await counts()).toEqual(before)
  })

  // proves: sessions.s16
  test('of an agent that writes a lot before it fails shows the end of it', async () => {
    const script =
      "i=0; while [ $i -lt 2000 ]; do echo 'line '$i >&2; i=$((i+1)); done; echo last >&2; exit 1"

    const { body } = await create({ spawn: { command: 'sh', args: ['-c', script] } })

    expect(body.error).toContain('Startup output:')
    expect(body.error).toContain('last')
    expect(body.error).not.toContain('line 0\n')
    expect(body.error.length).toBeLessThan(4_500)
  })
})

// proves: sessions.s11
test('a command runs on the first runtime where none is called local', async () => {
  const [first, second] = [fakeRuntime({ cwd: '/first' }), fakeRuntime({ cwd: '/second' })]
  const stage = await openStage({ runtimes: { first, second } })
  onTestFinished(() => stage.close())
  await stage.call('POST', '/runtimes/first/start')

  const { status, body } = await stage.call('POST', '/agents', { spawn: { command: 'scripted', args: [] } })

  expect([status, body.runtime, body.cwd]).toEqual([201, 'first', '/first'])
})

// proves: sessions.s12
test('an instance that is not there is refused', async () => {
  const stage = await openStage({ runtimes: { box: fakeRuntime() } })
  onTestFinished(() => stage.close())

  const spawn = { command: 'scripted', args: [] }
  const answer = await stage.call('POST', '/agents', { spawn, runtimeInstance: 'nowhere' })

  expect([answer.status, answer.body]).toEqual([400, { error: expect.stringContaining('not found') }])
  expect((await stage.call('GET', '/agents')).body).toEqual([])
})

// proves: sessions.s15
test('setup is refused, and not left out, where it is not allowed', async () => {
  const runtime = { provider: 'local', setup: 'echo ready > made' }
  const stage = await openStage({ agentTemplates: [demoTemplate({ runtime })] })
  onTestFinished(() => stage.close())

  const { status, body } = await stage.call('POST', '/agents', { agentTemplateId: 'demo' })

  expect([status, body]).toEqual([403, { error: expect.stringContaining('Setup is not allowed') }])
  expect((await stage.call('GET', '/agents')).body).toEqual([])
})
