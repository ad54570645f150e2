import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { root, textOf } from './checkout.js'

const script = join(root, 'scripts/complete-lock.mjs')
const complete = (...args: string[]) => promisify(execFile)(process.execPath, [script, ...args])

test('the lock file leaves it to the reader where packages come from', () => {
  expect(textOf('package-lock.json')).not.toMatch(/"resolved": "https?:/)
  expect(textOf('.npmrc')).toContain('omit-lockfile-registry-resolved=true')
})

test('the lock file lists every optional package, those for other platforms too', async () => {
  await expect(complete('--check')).resolves.toMatchObject({ stdout: '' })
})

test('a lock file without the packages for other platforms is refused, and can be completed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-lock-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'package-lock.json')
  const optionalDependencies = { 'tool-linux-x64': '1.0.0', 'tool-linux-x64-musl': '1.0.0' }
  const packages = {
    '': {},
    'node_modules/tool': { version: '1.0.0', dev: true, optionalDependencies },
    'node_modules/tool-linux-x64': { version: '1.0.0', optional: true },
  }
  await writeFile(file, JSON.stringify({ packages }))

  await expect(complete('--check', file)).rejects.toMatchObject({ stdout: 'tool-linux-x64-musl@1.0.0\n' })
  await complete(file)
  await expect(complete('--check', file)).resolves.toMatchObject({ stdout: '' })
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
    packages: {
      'node_modules/tool-linux-x64-musl': {
        version: '1.0.0',
        dev: true,
        optional: true,
        os: ['linux'],
        cpu: ['x64'],
        libc: ['musl'],
      },
    },
  })
})
