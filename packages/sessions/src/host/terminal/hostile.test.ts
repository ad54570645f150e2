import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '@parley/kernel/ids'
import { eventually } from '@parley/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { call, recordEvents, tempDirectory, workspaces } from '../files/host.test.support.js'
import { createAgentTerminals } from './agent-terminals.js'
import { isRunning } from './processes.test.support.js'
import { createRuntimeTerminals } from './runtime-terminals.js'

// Commands that do not want to end.

const stubborn = `trap '' TERM HUP
setsid sh -c 'trap "" TERM HUP; echo "away $$ "; sleep 600; true' &
sh -c 'trap "" TERM HUP; echo "here $$ "; sleep 600; true' &
wait; sleep 600`

const pidsIn = (text: string): number[] | undefined => {
  const found = [/away (\d+)/.exec(text)?.[1], /here (\d+)/.exec(text)?.[1]]
  return found.every((pid) => pid !== undefined) ? found.map(Number) : undefined
}

test('what a terminal of a client started is ended with it, also in a session of its own', async () => {
  const directory = await tempDirectory()
  const terminals = createRuntimeTerminals({
    workspaces: workspaces([directory]),
    events: recordEvents(),
    clock: systemClock,
  })
  onTestFinished(() => terminals.close())
  const file = join(directory, 'stubborn')
  await writeFile(file, `#!/bin/sh\n${stubborn}\n`)
  await chmod(file, 0o755)
  const { body } = await call(terminals.routes, 'POST /terminals', { body: { data: file } })
  const pids = await eventually(async () => {
    const shown = await call(terminals.routes, `GET /terminals/${body.terminalId}`)
    return pidsIn(String(shown.body.output))
  })

  await call(terminals.routes, `DELETE /terminals/${body.terminalId}`)

  await eventually(() => !pids.some(isRunning))
})

test('a command of an agent is ended as a whole when the agent kills it', async () => {
  const cwd = await tempDirectory()
  const room = createAgentTerminals({ events: recordEvents(), clock: systemClock })
  const terminals = room.open({ sessionId: 's1', cwd })
  onTestFinished(() => terminals.close())
  const env = { PATH: process.env.PATH ?? '', PARLEY_TERMINAL_MARK: 'somebody else' }
  const id = await terminals.create({ command: 'sh', args: ['-c', stubborn], cwd, env })
  const pids = await eventually(() => pidsIn(terminals.output(id).output))

  terminals.kill(id)

  await eventually(() => !pids.some(isRunning))
  await expect(terminals.create({ command: 'pwd', args: [], cwd: '/', env })).rejects.toMatchObject({
    status: 403,
  })
})
