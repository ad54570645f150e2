import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '@parley/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'
import { demoTemplate, isoTime } from './support/agents.js'
import { bothGrounds, sharedStage } from './support/shared-stage.js'

type Listed = { id: string; status: string; logs: unknown[]; lastUpdatedAt: string }

describe.each(bothGrounds)('reading sessions on $name', (ground) => {
  const stage = sharedStage(ground, { agentTemplates: [demoTemplate()] })
  const get = (path: string) => stage().call('GET', path)
  const read = async (id: string) => (await get(`/agents/${id}`)).body
  const list = async (): Promise<Listed[]> => (await get('/agents')).body

  // proves: sessions.s17
  test('a session is read with its events, the oldest first', async () => {
    const id = await stage().session()
    await stage().prompt(id, 'echo hello')

    const { status, body } = await get(`/agents/${id}`)

    expect(status).toBe(200)
    const steps = body.logs.map(({ type, data }: { type: string; data: Record<string, string> }) =>
      [type, data.method, data.direction, data.phase].join(' '),
    )
    expect(steps).toEqual([
      'rpc initialize client_to_agent request',
      'rpc initialize agent_to_client response',
      'rpc session/new client_to_agent request',
      'rpc session/new agent_to_client response',
      'rpc session/prompt client_to_agent request',
      'rpc session/update agent_to_client notification',
      'rpc session/prompt agent_to_client response',
    ])
    const payloads = body.logs.map(({ data }: { data: { payload: unknown } }) => data.payload)
    expect(payloads[0]).toMatchObject({
      protocolVersion: 1,
      clientCapabilities: { fs: { readTextFile: true, writeTextFile: true }, terminal: true },
    })
    expect(payloads[2]).toMatchObject({ cwd: stage().cwd, mcpServers: [] })
    expect(payloads[4]).toMatchObject({ prompt: [{ type: 'text', text: 'echo hello' }] })
    expect(payloads[6]).toMatchObject({ stopReason: 'end_turn' })
    const times = body.logs.map(({ timestamp }: { timestamp: string }) => timestamp)
    expect(times).toEqual(times.map(() => expect.stringMatching(isoTime)))
    expect(times).toEqual([...times].sort())
  })

  // proves: sessions.s17
  test('with a slash at the end it is the same', async () => {
    const id = await stage().session()

    const plain = await get(`/agents/${id}`)
    const slashed = await get(`/agents/${id}/`)

    expect(slashed.status).toBe(200)
    expect(slashed.body).toEqual(plain.body)
  })

  // proves: sessions.s17
  test('what is not there is not found, whatever its name', async () => {
    for (const id of [crypto.randomUUID(), 'x', '..%2F..%2Fname', '%00'])
      for (const path of [
        `/agents/${id}`,
        `/agents/${id}/status`,
        `/agents/${id}/commands`,
        `/agents/${id}/settings`,
      ])
        expect([path, await get(path)]).toMatchObject([
          path,
          { status: 404, body: { error: 'Agent not found' } },
        ])
  })

  // proves: sessions.s17
  test('commands are those that the agent offered last', async () => {
    const id = await stage().session()
    expect(await get(`/agents/${id}/commands`)).toMatchObject({ status: 200, body: [] })

    await stage().prompt(id, 'commands')

    expect((await get(`/agents/${id}/commands`)).body).toMatchObject([
      { name: 'review', description: 'Reads the changes' },
      { name: 'test', description: 'Runs the tests' },
    ])
  })

  // proves: sessions.s18
  test('sessions are listed with the last changed first, without logs, also those that ended', async () => {
    const [first, second, third] = [await stage().session(), await stage().session(), await stage().session()]
    await stage().prompt(second, 'echo newer')
    await stage().call('DELETE', `/agents/${first}`)

    const listed = await list()

    const mine = listed.filter(({ id }) => [first, second, third].includes(id))
    expect(mine.map(({ id, status }) => [id, status])).toEqual([
      [first, 'killed'],
      [second, 'active'],
      [third, 'active'],
    ])
    for (const one of listed) {
      expect(one).toMatchObject({
        logs: [],
        startedAt: expect.stringMatching(isoTime),
        lastUpdatedAt: expect.stringMatching(isoTime),
        spawn: { command: expect.stringMatching(/./), args: expect.any(Array) },
      })
      for (const key of ['pendingPermission', 'fileSystem', 'promptQueue']) expect(one).toHaveProperty(key)
    }
    const times = listed.map(({ lastUpdatedAt }) => lastUpdatedAt)
    expect(times).toEqual([...times].sort().reverse())
    const live = listed.filter(({ status }) => status === 'active')
    expect(live.every((one) => 'websocketUrl' in one)).toBe(true)
  })

  // proves: sessions.s18
  test('an ended session is read for ever, with its log', async () => {
    const id = await stage().session()
    await stage().prompt(id, 'echo before the end')
    const before = await read(id)
    await stage().call('DELETE', `/agents/${id}`)

    const after = await read(id)

    expect(after).toMatchObject({ status: 'killed', title: 'echo before the end', pendingPermission: null })
    expect(after.logs.slice(0, before.logs.length)).toEqual(before.logs)
    expect(after.logs.at(-1)).toMatchObject({ type: 'session.terminated' })
    expect(Date.parse(after.lastUpdatedAt)).toBeGreaterThanOrEqual(Date.parse(before.lastUpdatedAt))
  })

  // proves: sessions.s19
  test('the directory comes when it is asked for, with hidden names when those are', async () => {
    const cwd = await realpath(await mkdtemp(join(tmpdir(), 'parley-e2e-fs-')))
    onTestFinished(() => rm(cwd, { recursive: true, force: true }))
    await mkdir(join(cwd, 'lib'))
    for (const name of ['b.txt', 'a.txt', '.hidden']) await writeFile(join(cwd, name), name)
    const id = await stage().session({ cwd })
    const fileSystem = async (query: string) => (await get(`/agents/${id}${query}`)).body.fileSystem

    expect(await fileSystem('')).toBeNull()
    expect(await fileSystem('?includeFileSystem=false')).toBeNull()
    expect(await fileSystem('?includeFileSystem=true')).toMatchObject({
      root: cwd,
      path: cwd,
      entries: [
        { path: 'a.txt', type: 'file' },
        { path: 'b.txt', type: 'file' },
        { path: 'lib', type: 'directory' },
      ],
      truncated: false,
      maxEntries: 10_000,
    })
    const all = await fileSystem('?includeFileSystem=true&showAllFiles=true')
    expect(all.entries.map(({ path }: { path: string }) => path)).toContain('.hidden')
  })

  // proves: sessions.s19
  test('the directory is null when it can not be listed', async () => {
    const cwd = await realpath(await mkdtemp(join(tmpdir(), 'parley-e2e-fs-')))
    const gone = await stage().session({ cwd })
    const ended = await stage().session()
    await rm(cwd, { recursive: true })
    await stage().call('DELETE', `/agents/${ended}`)

    for (const id of [gone, ended])
      expect(await get(`/agents/${id}?includeFileSystem=true`)).toMatchObject({
        status: 200,
        body: { id, fileSystem: null },
      })
  })

  // proves: sessions.s20
  test('the first prompt is the title, which stays', async () => {
    const id = await stage().session()
    expect((await read(id)).title ?? null).toBeNull()

    await stage().prompt(id, 'echo the first')
    await stage().prompt(id, 'echo the second')

    expect((await read(id)).title).toBe('echo the first')
    expect((await list()).find((one) => one.id === id)).toMatchObject({ title: 'echo the first' })
  })

  // proves: sessions.s20
  test('a long title is cut after 120 characters, not one shorter', async () => {
    const [short, long, wide] = [await stage().session(), await stage().session(), await stage().session()]
    const text = (length: number) => `echo ${'x'.repeat(length - 5)}`

    await stage().prompt(short, text(120))
    await stage().prompt(long, text(121))
    await stage().prompt(wide, `echo ${'🙂'.repeat(70)}`)

    expect((await read(short)).title).toBe(text(120))
    expect((await read(long)).title).toBe(`${text(120)}...`)
    // No half of a character.
    expect((await read(wide)).title).toMatch(/^echo 🙂+\.\.\.$|^echo 🙂+$/u)
  })

  // proves: sessions.s20
  test('the title is there while its turn still runs, and the directory is the one that was named', async () => {
    const cwd = await realpath(await mkdtemp(join(tmpdir(), 'parley-e2e-cwd-')))
    onTestFinished(() => rm(cwd, { recursive: true, force: true }))
    const id = await stage().session({ cwd })

    const turn = stage().prompt(id, 'wait')
    const titled = await eventually(async () => {
      const session = await read(id)
      return session.title && session
    })
    await stage().call('POST', `/agents/${id}/cancel`)
    await turn

    expect(titled).toMatchObject({ title: 'wait', cwd })
    await stage().prompt(id, 'cwd')
    expect(JSON.stringify((await read(id)).logs)).toContain(JSON.stringify(cwd))
    expect((await list()).find((one) => one.id === id)).toMatchObject({ cwd })
  })
})
