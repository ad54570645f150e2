import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { root } from './root.mjs'

// `tsc -b` never deletes. The outputs of a source that was moved or removed would stay importable, would be packed,
// and could be found by a test runner; this removes them.

/** Removes outputs without a source from every project of the root tsconfig.json. Answers how many sources were gone. */
export function prune() {
  const { references } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'))
  return references.reduce((sum, { path }) => sum + pruneProject(resolve(root, path)), 0)
}

/** `reference` names a folder with a tsconfig.json, or such a file. Each of ours says its `rootDir` and `outDir`. */
function pruneProject(reference) {
  const file = reference.endsWith('.json') ? reference : join(reference, 'tsconfig.json')
  const project = dirname(file)
  const { rootDir, outDir } = JSON.parse(readFileSync(file, 'utf8')).compilerOptions
  const stale = staleOutputs(resolve(project, rootDir), resolve(project, outDir))
  for (const base of stale) {
    for (const end of ['.js', '.js.map', '.d.ts', '.d.ts.map']) rmSync(base + end, { force: true })
  }
  return stale.length
}

/** Paths without an ending whose declaration exists and whose source does not. Other files in `outDir` are not ours. */
function staleOutputs(sourceDir, outDir) {
  if (!existsSync(outDir)) return []
  return readdirSync(outDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.d.ts'))
    .map((entry) => join(entry.parentPath, entry.name.slice(0, -'.d.ts'.length)))
    .filter((base) => !hasSource(join(sourceDir, relative(outDir, base))))
}

const hasSource = (base) => existsSync(`${base}.ts`) || existsSync(`${base}.tsx`)
