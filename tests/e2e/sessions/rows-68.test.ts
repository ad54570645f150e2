// The command shows and applies the plane's migrations. It runs as people run it: a process of the build.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testGrounds } from '@parley/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { root } from '../../architecture/checkout.js'

const postgres = (await testGrounds()).find(({ engine }) => engine === 'postgres')

async function newPlace(environment: Record<string, string> = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'parley-e2e-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  // Settings of whoever runs the tests stay out.
  const env = {
    PATH: process.env.PATH,
    HOME: directory,
    PARLEY_DATA_DIR: join(directory, 'data'),
    PORT: '0',
    ...environment,
  }
  return async (...args: string[]) => {
    const program = join(root, 'packages/server/dist/cli/main.js')
    const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (text += String(data)))
    const [code] = await once(child, 'close')
    return { code, text }
  }
}

/** Names of the sessions plane's migrations and what became of them. */
const statesIn = (text: string): string[][] =>
  [...text.matchAll(/^sessions\s+(\S+)\s+(\S+)\s*$/gm)].map(([, name = '', state = '']) => [name, state])

// proves: sessions.s68
it('shows them pending on a new database, applies them and shows them applied', async () => {
  const parley = await newPlace()

  const before = await parley('db', 'status')
  const migrated = await parley('db', 'migrate')
  const after = await parley('db', 'status')

  expect(before.code).toBe(1)
  expect(statesIn(before.text).length).toBeGreaterThan(0)
  expect(new Set(statesIn(before.text).map(([, state]) => state))).toEqual(new Set(['pending']))
  expect(migrated).toEqual({ code: 0, text: expect.stringContaining('up to date') })
  expect(after.code).toBe(0)
  expect(statesIn(after.text)).toEqual(statesIn(before.text).map(([name]) => [name, 'applied']))
  // Again: nothing to do.
  expect((await parley('db', 'migrate')).code).toBe(0)
})

// proves: sessions.s68
it.skipIf(!postgres)('a server does not start on an external database that lacks them', async () => {
  const { database, close } = await postgres!.open()
  onTestFinished(close)
  const parley = await newPlace({ DATABASE_URL: database })

  expect(statesIn((await parley('db', 'status')).text).every(([, state]) => state === 'pending')).toBe(true)
  const refused = await parley('up')
  expect(refused).toEqual({ code: 1, text: expect.stringContaining('parley db migrate') })
  expect((await parley('db', 'migrate')).code).toBe(0)
  expect((await parley('db', 'status')).code).toBe(0)
})
