import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { systemClock as clock } from '@parley/kernel/ids'
import { eventually } from '@parley/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { markName } from './environment.js'
import { findProcesses, startTimeOf } from './process-table.js'
import { endLeftovers, endTree } from './process-tree.js'

const options = { clock, graceMs: 200 }

async function started(mark: string, script: string): Promise<number> {
  const env = { PATH: process.env.PATH, [markName]: mark }
  const child = spawn('sh', ['-c', `${script}\necho ready\nsleep 600\ntrue`], {
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  onTestFinished(() => endTree({ group: child.pid, mark }, options))
  await once(child.stdout, 'data')
  return child.pid ?? 0
}

test('a group is ended as a whole, also when it ignores SIGTERM', async () => {
  const group = await started('tree-1', "trap '' TERM; sleep 601 & sleep 602 &")
  expect((await findProcesses({ group, mark: 'none' }))?.length).toBeGreaterThanOrEqual(3)

  await endTree({ group, mark: 'none' }, options)

  expect(await findProcesses({ group, mark: 'tree-1' })).toEqual([])
})

test('processes of another mark and group are not touched', async () => {
  const mine = await started('tree-2', 'true')
  const other = await started('tree-3', 'true')

  await endTree({ group: mine, mark: 'tree-2' }, options)

  expect(await startTimeOf(mine)).toBeUndefined()
  expect(await startTimeOf(other)).toBeDefined()
})

test('what an earlier host left is found by its mark when its first process is gone', async () => {
  const group = await started('tree-4', 'setsid sleep 603 &')
  const startTime = await startTimeOf(group)
  const marked = async () => (await findProcesses({ mark: 'tree-4' }))?.length ?? 0
  // The shell and two sleepers: a program has no environment in the moment in which it takes another's place.
  await eventually(async () => (await marked()) === 3)
  process.kill(group, 'SIGKILL')
  await eventually(async () => (await marked()) === 2)

  await endLeftovers({ pid: group, startTime, mark: 'tree-4' }, options)

  expect(await findProcesses({ mark: 'tree-4' })).toEqual([])
})

test('a process that was given the number later is left alone', async () => {
  const other = await started('tree-5', 'true')

  await endLeftovers({ pid: other, startTime: 'another boot:1', mark: 'tree-6' }, options)

  expect(await startTimeOf(other)).toBeDefined()
})

test('ending what is gone already is harmless', async () => {
  const group = await started('tree-7', 'true')
  await endTree({ group, mark: 'tree-7' }, options)

  await expect(endTree({ group, mark: 'tree-7' }, options)).resolves.toBeUndefined()
})
