import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { eventually } from '../eventually.js'
import { supervise } from './supervise.js'

test.skipIf(process.platform !== 'linux')('knows that its program has ended by itself', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-supervise-'))
  const server = await supervise('/bin/sleep', ['0.5'], { folder, runAs: {} })
  onTestFinished(() => server.stop('KILL'))

  expect(server.isRunning).toBe(true)
  await eventually(() => !server.isRunning)
})
