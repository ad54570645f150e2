import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '@parley/kernel/ids'
import { eventually, fakeClock } from '@parley/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'
import { recordEvents, tempDirectory } from '../host.test.support.js'
import { gatherChanges } from './changes.js'
import { pollChanges } from './poll.js'
import type { ChangeSink, WatchDirectory } from './source.js'
import { createWatcher } from './watcher.js'
import { createWorkspaceEvents } from './workspace-events.js'

type Told = { ids: readonly string[]; path: string; type: string }

async function watching(watchDirectory?: WatchDirectory) {
  const directory = await tempDirectory()
  for (const name of ['node_modules', '.git', '.github']) await mkdir(join(directory, name))
  const told: Told[] = []
  const watcher = createWatcher({
    clock: systemClock,
    onChanges: ({ ids }, { changes }) => told.push(...changes.map((one) => ({ ids, ...one }))),
    watchDirectory,
  })
  onTestFinished(() => watcher.close())
  await watcher.watch('s1', directory)
  return { directory, told, watcher }
}

describe.each([
  ['by the system', undefined],
  ['by looking', pollChanges(systemClock)],
])('changes seen %s', (_, source) => {
  test('are those outside of node_modules and .git, with relative paths', async () => {
    const { directory, told } = await watching(source)

    for (const path of ['node_modules/x', '.git/HEAD', '.github/ci.yml', 'a.txt'])
      await writeFile(join(directory, path), '1')
    const paths = () => told.map(({ path }) => path).toSorted()
    await eventually(() => told.length >= 2)
    expect(paths()).toEqual(['.github/ci.yml', 'a.txt'])

    await writeFile(join(directory, 'a.txt'), 'changed')
    await eventually(() => told.find(({ path, type }) => path === 'a.txt' && type === 'modified'))
    await rm(join(directory, 'a.txt'))
    await eventually(() => told.find(({ path, type }) => path === 'a.txt' && type === 'deleted'))
  })
})

test('files of a tree that is made at once are seen, and those that come later', async () => {
  const { directory, told } = await watching()
  const deep = Array.from({ length: 12 }, (_, at) => `made${at}/b/c`)
  for (const path of deep) {
    await mkdir(join(directory, path), { recursive: true })
    await writeFile(join(directory, path, 'first.txt'), '1')
  }
  const isTold = (path: string, type: string) => told.some((one) => one.path === path && one.type === type)
  await eventually(() => deep.every((path) => isTold(`${path}/first.txt`, 'added')))

  for (const path of deep) await writeFile(join(directory, path, 'later.txt'), '1')
  await eventually(() => deep.every((path) => isTold(`${path}/later.txt`, 'added')))
  await rm(join(directory, 'made0'), { recursive: true })
  await eventually(() => isTold('made0', 'deleted'))
  await mkdir(join(directory, 'made0/b'), { recursive: true })
  await writeFile(join(directory, 'made0/b/again.txt'), '1')
  await eventually(() => isTold('made0/b/again.txt', 'added'))
})

test('a file that is replaced by another is modified', async () => {
  const { directory, told } = await watching()
  await writeFile(join(directory, 'a.txt'), '1')
  await eventually(() => told.some(({ path, type }) => path === 'a.txt' && type === 'added'))
  await writeFile(join(directory, 'a.tmp'), '2')
  await rename(join(directory, 'a.tmp'), join(directory, 'a.txt'))

  await eventually(() => told.some(({ path, type }) => path === 'a.txt' && type === 'modified'))
})

/** A source that tells what the test says, and counts how often it was opened. */
function spoken() {
  const sinks: ChangeSink[] = []
  let stopped = 0
  const watchDirectory: WatchDirectory = async (_, sink) => {
    sinks.push(sink)
    return async () => void stopped++
  }
  return { sinks, watchDirectory, stopped: () => stopped }
}

test('hundreds who watch one directory share one source, which is closed after the last', async () => {
  const source = spoken()
  const { directory, watcher } = await watching(source.watchDirectory)
  for (let at = 2; at <= 300; at++) await watcher.watch(`s${at}`, directory)

  expect(source.sinks).toHaveLength(1)
  for (let at = 1; at <= 299; at++) await watcher.unwatch(`s${at}`)
  expect(source.stopped()).toBe(0)
  await watcher.unwatch('s300')
  expect(source.stopped()).toBe(1)
})

test('who leaves while the watching begins is not watched for', async () => {
  const source = spoken()
  const { directory, watcher } = await watching(source.watchDirectory)
  const begun = watcher.watch('s2', join(directory, '.github'))
  await watcher.unwatch('s2')
  await begun

  expect(source.sinks).toHaveLength(1)
})

test('a directory that does not exist is not watched, and does no harm', async () => {
  const { watcher } = await watching()

  await watcher.watch('s2', '/does/not/exist')
  await watcher.unwatch('s2')
})

describe('gathered changes', () => {
  test('are one for each path', () => {
    const gathered = gatherChanges()
    const all = [
      ['new', 'added'],
      ['new', 'modified'],
      ['short', 'added'],
      ['short', 'deleted'],
      ['again', 'deleted'],
      ['again', 'added'],
      ['gone', 'modified'],
      ['gone', 'deleted'],
    ] as const
    for (const [path, type] of all) gathered.add({ path, type })

    expect(gathered.take()).toEqual({
      changes: [
        { path: 'new', type: 'added' },
        { path: 'again', type: 'modified' },
        { path: 'gone', type: 'deleted' },
      ],
    })
    expect(gathered.take()).toBeUndefined()
  })

  test('are at most 1,000, and say when there were more', () => {
    const gathered = gatherChanges()
    for (let at = 0; at < 1_001; at++) gathered.add({ path: `f${at}`, type: 'added' })

    const batch = gathered.take()
    expect(batch?.changes).toHaveLength(1_000)
    expect(batch?.truncated).toBe(true)
    gathered.missed()
    expect(gathered.take()).toEqual({ changes: [], truncated: true })
  })
})

describe('the events of workspaces', () => {
  async function following() {
    const directory = await tempDirectory()
    await writeFile(join(directory, 'a.txt'), '')
    const clock = fakeClock()
    const events = recordEvents()
    const source = spoken()
    const workspace = createWorkspaceEvents({ events, clock, watchDirectory: source.watchDirectory })
    const endFirst = await workspace.watch('s1', directory)
    await workspace.watch('s2', directory)
    const change = (path: string) => source.sinks[0]?.change({ path, type: 'added' })
    return { directory, clock, events, workspace, change, endFirst }
  }

  test('are batched for 300 ms and emitted for each session', async () => {
    const { clock, events, change } = await following()
    change('a.txt')
    change('b.txt')
    await clock.advance(299)
    expect(events.emitted).toEqual([])
    await clock.advance(1)

    const changes = [
      { path: 'a.txt', type: 'added' },
      { path: 'b.txt', type: 'added' },
    ]
    expect(events.emitted).toEqual(
      ['s1', 's2'].map((sessionId) => ({ sessionId, type: 'filesystem.changed', data: { changes } })),
    )
  })

  test('are followed by one snapshot in two seconds', async () => {
    const { directory, clock, events, change } = await following()
    for (let at = 0; at < 5; at++) {
      change(`f${at}`)
      await clock.advance(400)
    }
    await clock.advance(400)

    await eventually(() => events.signals.length === 2)
    expect(events.signals[0]).toMatchObject({
      sessionId: 's1',
      channel: 'session:s1:fs',
      data: {
        type: 'filesystem.snapshot',
        data: { snapshot: { root: directory, entries: [{ path: 'a.txt', type: 'file' }] } },
      },
    })
  })

  test('end with the session', async () => {
    const { clock, events, workspace, change, endFirst } = await following()
    await endFirst()
    change('x')
    await clock.advance(300)

    expect(events.emitted.map(({ sessionId }) => sessionId)).toEqual(['s2'])
    change('y')
    await workspace.close()
    await clock.advance(5_000)
    expect(events.emitted).toHaveLength(1)
  })
})
