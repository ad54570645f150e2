import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root, textOf } from './checkout.js'
import { importIn, installInto, type Packed, pack, testIn } from './packed.js'
import { workspaces } from './workspaces.js'

// What a user gets from the registry: packed, installed into an empty project, and imported there.

const published = workspaces().filter(({ isPublished }) => isPublished)
const modules = published.flatMap(({ name, entryPoints }) =>
  entryPoints.map(({ subpath }) => ({ specifier: `${name}${subpath.slice(1)}` })),
)

let folder: string
let packed: Packed[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-pack-'))
  const missing = published
    .flatMap(({ entryPoints }) => entryPoints)
    .filter(({ built }) => !existsSync(join(root, built)))
  if (missing.length > 0) throw new Error(`Run "npm run build" first: ${missing[0]!.built} is missing.`)
  packed = await pack(published, join(folder, 'tarballs'))
  // The conformance suites are written for Vitest, an optional peer that whoever runs them has installed.
  const { devDependencies } = JSON.parse(textOf('package.json')) as {
    devDependencies: Record<string, string>
  }
  await installInto(
    join(folder, 'project'),
    packed.map(({ tarball }) => tarball),
    [`vitest@${devDependencies.vitest}`, ...frameworks()],
  )
}, 600_000)

/** What a user of the adapters has installed as well, in the versions that this checkout is tested with. */
function frameworks(): string[] {
  const { dependencies } = JSON.parse(textOf('tests/package.json')) as {
    dependencies: Record<string, string>
  }
  return ['express', 'hono', '@hono/node-server', 'ws'].map((name) => `${name}@${dependencies[name]}`)
}

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('a packed package', () => {
  test.each(published)('$name has the shape that publint wants', async ({ name }) => {
    const { workspace, tarball } = packed.find((one) => one.workspace.name === name)!
    const bytes = await readFile(tarball)
    const { messages, pkg } = await publint({
      pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
      level: 'warning',
    })

    expect(workspace.name).toBe(name)
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([])
  })

  test.each(published)('$name leaves tests and compiler state at home', ({ name }) => {
    const { files } = packed.find((one) => one.workspace.name === name)!

    expect(files.filter((path) => /\.test\.|\.tsbuildinfo$|node_modules/.test(path))).toEqual([])
  })

  test.each(modules)('$specifier can be imported in an empty project', async ({ specifier }) => {
    await expect(importIn(join(folder, 'project'), specifier)).resolves.toBeInstanceOf(Array)
  })

  // proves: handshake.h39
  test('mounts into every framework there: the adapters keep their cases', async () => {
    const { passed, failed } = await testIn(join(folder, 'project'), 'tests/interop/adapters.test.ts')

    expect(failed).toEqual([])
    expect(passed).toBeGreaterThan(20)
  }, 120_000)

  test('that does not exist cannot be imported there', async () => {
    await expect(importIn(join(folder, 'project'), '@parley/kernel/absent')).rejects.toThrow(
      'ERR_PACKAGE_PATH_NOT_EXPORTED',
    )
  })
})
