// A program that ends its plane, as a process of its own: on the build.
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'

const dist = (path: string) => fileURLToPath(new URL(`../dist/${path}`, import.meta.url))

const program = (directory: string) => `
import { createSessions, serve } from ${JSON.stringify(dist('index.js'))}
import { localRuntime } from ${JSON.stringify(dist('runtimes/index.js'))}
const by = { kind: 'user', id: 'u', tenant: {}, scopes: ['*'] }
const directory = ${JSON.stringify(directory)}
const sessions = createSessions({
  authenticate: () => by,
  runtimes: { local: localRuntime({ dataDir: directory + '/host', cwd: directory }) },
})
const { close } = await serve(sessions, { port: 0 })
const spawn = { command: process.execPath, args: [${JSON.stringify(dist('demo-agent/main.js'))}] }
await (await sessions.service()).createSession(by, { spawn }, {})
await close({ sessions: 'terminate' })
console.log('closed')
`

it('a program that has nothing else to do lives until its agents are gone', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'parley-stop-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  const args = ['--input-type=module', '-e', program(directory)]

  // It rejects for every exit code but 0.
  const { stdout } = await promisify(execFile)(process.execPath, args)

  expect(stdout).toBe('closed\n')
})
