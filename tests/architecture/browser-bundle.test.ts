import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundleForBrowser } from './browser-bundle.js'
import { root } from './checkout.js'
import { workspaces } from './workspaces.js'

const browserSubpaths = new Set(['./client', './protocol', './agent'])
const entryPoints = workspaces().flatMap(({ name, entryPoints: all }) =>
  all
    .filter(({ subpath }) => browserSubpaths.has(subpath))
    .map(({ subpath, source }) => ({ name, subpath, source })),
)

describe('an entry point that is safe in a browser', () => {
  test('exists', () => {
    expect(entryPoints.length).toBeGreaterThan(0)
  })

  test.each(entryPoints)('$name $subpath bundles without Node', async ({ source }) => {
    const { bytes, builtins } = await bundleForBrowser(source)

    expect(builtins).toEqual([])
    expect(bytes).toBeGreaterThan(0)
  })
})

describe('the bundle check', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-bundle-'))
    writeFileSync(join(folder, 'entry.js'), "export { read } from './inner.js'")
    writeFileSync(
      join(folder, 'inner.js'),
      "import { readFileSync } from 'fs'\nexport const read = readFileSync",
    )
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('finds a Node module behind another file', async () => {
    const { builtins } = await bundleForBrowser(relative(root, join(folder, 'entry.js')))

    expect(builtins).toEqual([expect.stringMatching(/^fs from .*inner\.js$/)])
  })
})
