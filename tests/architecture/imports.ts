import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import { parseSync } from 'vite'
import { committedFiles, root, textOf } from './checkout.js'
import { type Workspace, workspaces } from './workspaces.js'

/**
 * One import. `from` is a path from the root; `to` is one too when the target is ours, otherwise the specifier as
 * written (`zod`, `node:fs`). Imports of types are arrows like any other, but `isErased`: nothing of them is left
 * when the program runs, so they can't make it load in a circle.
 */
export type Import = { from: string; to: string; isErased?: boolean }

/** The imports of every TypeScript source of the packages and apps. */
export function readImports(): Import[] {
  const known = workspaces()
  return committedFiles()
    .filter((path) => /^(packages|apps)\/[^/]+\/src\/.*\.tsx?$/.test(path))
    .flatMap((from) => {
      const text = textOf(from)
      const erased = erasedSpecifiersOf(from, text)
      return specifiersOf(from, text).map((to) => ({
        from,
        to: resolve(from, to, known),
        isErased: erased.has(to),
      }))
    })
}

/** What a file names only for its types. */
export function erasedSpecifiersOf(path: string, text: string): Set<string> {
  const { module } = parseSync(path, text)
  const statics = module.staticImports.map(({ moduleRequest, entries }) => ({
    name: moduleRequest.value,
    isErased: entries.length > 0 && entries.every((entry) => entry.isType),
  }))
  const exported = module.staticExports.flatMap(({ entries }) =>
    entries.map((entry) => ({ name: entry.moduleRequest?.value, isErased: entry.isType })),
  )
  const all = [...statics, ...exported]
  const needed = new Set(all.filter((one) => !one.isErased).map(({ name }) => name))
  const erased = all.flatMap(({ name, isErased }) => (isErased && name && !needed.has(name) ? [name] : []))
  return new Set(erased)
}

/** What a file names in static and dynamic imports, re-exports and `import('…')` types. */
export function specifiersOf(path: string, text: string): string[] {
  const { module, program } = parseSync(path, text)
  const statics = module.staticImports.map((item) => item.moduleRequest.value)
  const exported = module.staticExports.flatMap((item) =>
    item.entries.map((entry) => entry.moduleRequest?.value),
  )
  const found = [...statics, ...exported, ...calledSpecifiers(program)]
  return [...new Set(found.filter((specifier) => specifier !== undefined))]
}

/** `import('x')` as a value and as a type. */
function calledSpecifiers(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(calledSpecifiers)
  if (typeof node !== 'object' || node === null) return []
  const { type, source } = node as { type?: string; source?: { value?: unknown } }
  const isImport = type === 'ImportExpression' || type === 'TSImportType'
  const own = isImport && typeof source?.value === 'string' ? [source.value] : []
  return [...own, ...Object.values(node).flatMap(calledSpecifiers)]
}

function resolve(from: string, specifier: string, known: Workspace[]): string {
  if (specifier.startsWith('.')) return toSource(posix.join(posix.dirname(from), specifier))
  const owner = known.find(({ name }) => specifier === name || specifier.startsWith(`${name}/`))
  if (!owner) return specifier
  const subpath = `.${specifier.slice(owner.name.length)}`
  return owner.entryPoints.find((entry) => entry.subpath === subpath)?.source ?? `${owner.folder}/${subpath}`
}

function toSource(path: string): string {
  const candidates = [
    path.replace(/\.js$/, '.ts'),
    path.replace(/\.js$/, '.tsx'),
    `${path}.ts`,
    `${path}.tsx`,
  ]
  return candidates.find((candidate) => existsSync(join(root, candidate))) ?? path
}
