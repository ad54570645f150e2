import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { localRuntime } from '@parley/sessions/runtimes'
import { testGrounds } from '@parley/testkit'
import { afterAll, beforeAll, expect } from 'vitest'
import { openStage, type Stage, type StageOptions } from './stage.js'

/** SQLite in memory, and Postgres where there is one: for rows whose answers come out of the store. */
export const bothGrounds = (await testGrounds()).filter(({ name }) => name !== 'SQLite file')

/** SQLite in memory alone: for rows whose answers come from the host. */
export const oneGround = bothGrounds.slice(0, 1)

type TestGround = (typeof bothGrounds)[number]

/**
 * One stage for all tests of a `describe` block, on a ground of its own; setup scripts are allowed. Nothing of it is left afterwards, and a
 * fault that was reported fails. Answers how to get it, since it opens when the tests begin.
 */
export function sharedStage(ground: TestGround, options: Omit<StageOptions, 'ground'> = {}): () => Stage {
  let stage: Stage | undefined
  let cwd: string | undefined
  let opened: Awaited<ReturnType<TestGround['open']>> | undefined
  beforeAll(async () => {
    cwd = await realpath(await mkdtemp(join(tmpdir(), 'parley-e2e-')))
    opened = await ground.open()
    const runtimes = { local: localRuntime({ cwd, roots: [cwd], allowSetup: true }) }
    stage = await openStage({ cwd, runtimes, ...options, ground: opened.ground })
  })
  afterAll(async () => {
    await stage?.close()
    await opened?.close()
    if (cwd !== undefined) await rm(cwd, { recursive: true, force: true })
    expect(stage?.faults, 'faults').toEqual([])
  })
  return () => stage!
}
