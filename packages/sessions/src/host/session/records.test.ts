import { readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { SessionRecord } from './record.js'
import { isSessionId, Records } from './records.js'
import { TestHost, tempDir } from './sessions.test.support.js'

const record = (sessionId: string, more: Partial<SessionRecord> = {}): SessionRecord => ({
  v: 1,
  sessionId,
  command: 'agent',
  args: [],
  cwd: '/',
  env: {},
  startedAt: '2026-01-01T00:00:00.000Z',
  mark: 'm',
  autoApprove: false,
  queue: [],
  paused: false,
  permissions: [],
  resumes: [],
  ...more,
})

test('the last of many writes counts, and no file is ever half written', async () => {
  const dir = await tempDir()
  const records = await Records.open(dir)

  await Promise.all(Array.from({ length: 50 }, (_, n) => records.save(record('a', { mark: `m${n}` }))))

  expect(await records.all()).toEqual([record('a', { mark: 'm49' })])
  expect(await readdir(dir)).toEqual(['a.json'])
  expect((await stat(join(dir, 'a.json'))).mode & 0o777).toBe(0o600)
})

test('a record that is removed and written again is there, and the other way round it is not', async () => {
  const records = await Records.open(await tempDir())

  await Promise.all([
    records.save(record('a')),
    records.remove('a'),
    records.save(record('a', { mark: 'new' })),
  ])
  await Promise.all([records.save(record('b')), records.remove('b')])

  expect(await records.all()).toEqual([record('a', { mark: 'new' })])
})

test('what was being written when a host died does no harm', async () => {
  const dir = await tempDir()
  const records = await Records.open(dir)
  await records.save(record('a'))
  await writeFile(join(dir, 'a.json.new'), '{"v":1,')

  expect(await records.all()).toEqual([record('a')])
})

test('an id can not name a file elsewhere', () => {
  for (const id of ['6f1f3d0e-3f77-4b6a-9d59-0d8b1f6f1f11', 's_1']) expect(isSessionId(id)).toBe(true)
  for (const id of ['', '.', '..', '../x', 'a/b', 'a.b', 'a\0', 'ä', 'x'.repeat(129)])
    expect(isSessionId(id)).toBe(false)
})

test('a call that is late does not bring the record of an ended session back', async () => {
  const host = await TestHost.open()
  await host.start()

  await Promise.all([
    host.call('POST', '/sessions/s1/terminate'),
    ...Array.from({ length: 20 }, () =>
      host.call('PATCH', '/sessions/s1/settings', { autoApprovePermissions: true }),
    ),
  ])

  expect(await readdir(join(host.dir, 'data/sessions'))).toEqual([])
})
