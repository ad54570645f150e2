import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventually } from '@parley/testkit'
import { expect, test } from 'vitest'
import { testHost } from './host.test.support.js'
import { fakeServer } from './link/fake-server.test.support.js'
import { wsDial } from './link/index.js'
import { tempDirectory } from './spool/spool.test.support.js'

const dialTo = (url: string) => wsDial({ url, token: () => 't' })

test('a host says hello, answers requests over the link and refuses what is not in the contract', async () => {
  const server = await fakeServer()
  const host = await testHost({ dial: dialTo(server.url) })
  writeFileSync(join(host.workspace, 'a.txt'), 'hello')
  await eventually(() => host.isLinked)

  server.send({ type: 'req', id: 's1', method: 'GET', path: '/health' })
  server.send({ type: 'req', id: 's2', method: 'GET', path: '/files', query: { path: 'a.txt' } })
  server.send({ type: 'req', id: 's3', method: 'GET', path: '/etc/passwd' })
  await eventually(() => server.ofType('res').length === 3)

  expect(server.ofType('hello')[0]).toMatchObject({ hostId: host.hostId, name: 'test', sessions: [] })
  const answers = server.ofType('res').toSorted((a, b) => a.id.localeCompare(b.id))
  expect(answers).toMatchObject([
    { id: 's1', status: 200, body: { status: 'ok', sessions: [] } },
    { id: 's2', status: 200, body: { content: 'hello' } },
    { id: 's3', status: 404, body: { error: 'Not found' } },
  ])
})

test('what happens goes to the server, and what a terminal does as signals', async () => {
  const server = await fakeServer()
  const host = await testHost({ dial: dialTo(server.url) })
  await eventually(() => host.isLinked)

  host.events.emit({ sessionId: 's1', type: 'rpc', data: { text: 'hi' } })
  await host.answer({ method: 'POST', path: '/terminals', body: { data: '/bin/sh' } })

  await eventually(() => server.taken.length === 1)
  await eventually(() => server.ofType('signal').length > 0)
  expect(server.ofType('signal')[0]!.channel).toMatch(/^terminals:term-/)
})

test('a second host on the same directory is refused, and may have it later under the same id', async () => {
  const host = await testHost()

  await expect(testHost({ dataDir: host.dataDir })).rejects.toMatchObject({
    code: 'kernel.data_directory_in_use',
  })
  await host.close()
  const next = await testHost({ dataDir: host.dataDir })

  expect(next.hostId).toBe(host.hostId)
})

// proves: sessions.s81
test('a repeated key opens one terminal, also after a restart of the host', async () => {
  const dataDir = tempDirectory()
  const open = { method: 'POST', path: '/terminals', body: { data: '/bin/sh' }, key: 'k1' }
  const host = await testHost({ dataDir })
  const first = await host.answer(open)
  const second = await host.answer(open)
  const { body } = await host.answer({ method: 'GET', path: '/terminals' })
  await host.close()

  const next = await testHost({ dataDir })
  const third = await next.answer(open)

  expect([second, third]).toEqual([first, first])
  expect(body).toMatchObject({ terminals: [expect.anything()] })
  expect((await next.answer({ method: 'GET', path: '/terminals' })).body).toEqual({ terminals: [] })
})

const start = (workspace: string, more: object = {}) => ({
  method: 'POST',
  path: '/sessions/s1/start',
  body: { command: 'no-such-program', args: ['a'], workspace, ...more },
})

// proves: sessions.s83
test('a session outside the allowed directories is refused, also by a link', async () => {
  const host = await testHost()
  const outside = tempDirectory()
  symlinkSync(outside, join(host.workspace, 'out'))
  mkdirSync(join(host.workspace, 'in'))

  for (const path of [outside, join(host.workspace, 'out'), '/'])
    expect(await host.answer(start(path))).toEqual({ status: 403, body: { error: 'Path outside workspace' } })
  expect(await host.answer(start(join(host.workspace, 'in')))).not.toMatchObject({ status: 403 })
  expect(host.sessions()).toEqual([])
})

// proves: sessions.s83
test('only agents that the operator allows are started', async () => {
  const workspace = tempDirectory()
  const roots: [string] = [workspace]
  const refused = { status: 403, body: { error: 'command not allowed' } }
  const strict = await testHost({ roots, policy: undefined })
  const agents = [{ command: 'no-such-program', args: ['a'] }]
  const listed = await testHost({ roots, policy: { agents, roots } })

  expect(await strict.answer(start(workspace))).toEqual(refused)
  expect(await listed.answer(start(workspace, { args: ['b'] }))).toEqual(refused)
  expect(await listed.answer(start(workspace, { command: '/bin/sh' }))).toEqual(refused)
  expect(await listed.answer(start(workspace))).not.toMatchObject({ status: 403 })
})

test('without a server nothing is kept', async () => {
  const host = await testHost({ spool: { segmentBytes: 2_000, limitBytes: 8_000 } })
  const seen: unknown[] = []
  host.observe({ event: ({ data }) => void seen.push(data.n), signal: () => {} })

  for (let n = 1; n <= 200; n++) {
    await host.events.room()
    host.events.emit({ type: 'rpc', data: { n, text: 'x'.repeat(100) } })
    await host.events.synced()
  }

  expect(seen).toHaveLength(200)
  expect(host.events.room()).toBe(undefined)
})
