import { tmpdir } from 'node:os'
import { systemClock } from '@parley/kernel/ids'
import { expect, test } from 'vitest'
import { startAgent } from './agent-process.js'
import { readLines } from './reader.js'

test('what a program wrote is there for a reader that comes after its end', async () => {
  const command = {
    command: process.execPath,
    args: ['--version'],
    cwd: tmpdir(),
    env: {},
    mark: 'late-reader',
  }
  const agent = await startAgent(command, { clock: systemClock, graceMs: 1_000 })
  await agent.exited
  await new Promise((resolve) => setImmediate(resolve))

  const lines: string[] = []
  await readLines(agent.stdout, {
    onLine: (line) => lines.push(line),
    onTooLong: () => {},
    room: () => undefined,
    signal: new AbortController().signal,
  })

  expect(lines).toEqual([process.version])
  await agent.ended
})
