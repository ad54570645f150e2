import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eventually } from '@parley/testkit'
import { expect, test } from 'vitest'
import { TestHost, tempDir } from './sessions.test.support.js'

async function started() {
  const host = await TestHost.open()
  await host.start()
  return host
}

test('lines are counted from 1, and no more than asked for are read', async () => {
  const host = await started()
  await writeFile(join(host.dir, 'five'), 'one\ntwo\nthree\nfour\nfive\n')

  expect(await host.say('read five')).toBe('one\ntwo\nthree\nfour\nfive\n')
  expect(await host.say('read five 1 1')).toBe('one')
  expect(await host.say('read five 2 2')).toBe('two\nthree')
  expect(await host.say('read five 4')).toBe('four\nfive\n')
  expect(await host.say('read five 9 1')).toBe('')
})

test('a written file replaces the old one, in directories that are made', async () => {
  const host = await started()
  await host.say('write deep/er/file a long first text')
  await host.say('write deep/er/file short')

  expect(await readFile(join(host.dir, 'deep/er/file'), 'utf8')).toBe('short')
})

test('nothing outside the workspace is read or written, also not through links', async () => {
  const host = await TestHost.open()
  const workspace = join(host.dir, 'proj')
  await mkdir(workspace)
  await host.start([], { workspace })
  const outside = await tempDir()
  await writeFile(join(outside, 'secret'), 'secret')
  await symlink(outside, join(workspace, 'out'))
  await symlink(join(outside, 'new'), join(workspace, 'dangling'))
  await mkdir(`${workspace}-private`)

  for (const path of ['../x', '/etc/passwd', 'out/secret', 'dangling', `${workspace}-private/x`])
    expect(await host.say(`read ${path}`)).toBe('refused: Path outside workspace')
  for (const path of ['../x', 'out/secret', 'out/new/file', 'dangling'])
    expect(await host.say(`write ${path} text`)).toBe('refused: Path outside workspace')
  expect(await readFile(join(outside, 'secret'), 'utf8')).toBe('secret')
})

test('what is missing or too large to read is refused with a reason', async () => {
  const host = await started()
  await writeFile(join(host.dir, 'large'), Buffer.alloc(8 * 1024 * 1024 + 1))

  expect(await host.say('read nothing')).toMatch(/^refused: Cannot read: /)
  expect(await host.say('read .')).toMatch(/^refused: Cannot read: /)
  expect(await host.say('read large')).toMatch(/^refused: File is too large: /)
})

test('a command of the agent runs in the workspace, and its output comes back with its code', async () => {
  const host = await started()

  expect(await host.say('run sh -c pwd')).toBe(`${host.dir}\n\nexit: 0`)
  expect(await host.say('run false')).toBe('\nexit: 1')
  expect(await host.say('run no-such-program')).toMatch(/^refused: |exit: 127/)
  expect(host.of('terminal.started').length).toBeGreaterThanOrEqual(2)
  expect(host.of('terminal.exit').length).toBeGreaterThanOrEqual(2)
})

test('a command that runs is ended with its session, and its end is told before', async () => {
  const host = await started()
  await host.prompt('run sleep 600')
  await host.until('terminal.started')

  await host.call('POST', '/sessions/s1/terminate')

  const types = host.events.map(({ type }) => type)
  expect(types.at(-1)).toBe('session.terminated')
  expect(types).toContain('terminal.exit')
})

test('a cancelled turn ends the command it waits for', async () => {
  const host = await started()
  const { body } = await host.prompt('run sleep 600')
  await host.until('terminal.started')
  await eventually(() => host.rpc().some(({ method }) => method === 'terminal/wait_for_exit'))

  await host.call('POST', '/sessions/s1/cancel')

  expect((await host.turnEnded(body.turnId)).payload).toEqual({ stopReason: 'cancelled' })
})
