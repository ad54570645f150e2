import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout's root folder. */
export const root = findRoot(dirname(fileURLToPath(import.meta.url)))

// The same folders that .gitignore names: a checkout without its history is checked like any other.
const ignored = new Set(['node_modules', 'dist', '.cache', '.parley', 'coverage', '.git'])

/** Every file that is or would be committed, as paths from the root with forward slashes. */
export function committedFiles(folder = root): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (ignored.has(entry.name)) return []
    if (entry.isDirectory()) return committedFiles(path)
    return entry.isFile() && !entry.name.endsWith('.tsbuildinfo') ? [fromRoot(path)] : []
  })
}

/** The text of a file of the checkout. */
export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8')

const fromRoot = (path: string): string => relative(root, path).split(sep).join('/')

// WHY: the tests may run from sources or from their build, which lie at different depths.
function findRoot(start: string): string {
  const folder = resolve(start)
  const names = readdirSync(folder)
  return names.includes('package-lock.json') ? folder : findRoot(dirname(folder))
}
