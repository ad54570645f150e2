import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { at } from './root.mjs'

const skipped = new Set(['node_modules', 'dist', '.cache'])

/** A digest of the names and bytes of files and folders of the checkout; build outputs are left out. */
export function digest(paths) {
  const hash = createHash('sha256').update(process.version)
  for (const path of paths.flatMap((start) => filesUnder(start)).sort()) {
    hash.update(`\0${path}\0`).update(readFileSync(at(path)))
  }
  return hash.digest('hex')
}

function filesUnder(path) {
  if (!existsSync(at(path))) return []
  if (!statSync(at(path)).isDirectory()) return [path]
  return readdirSync(at(path), { withFileTypes: true })
    .filter((entry) => !skipped.has(entry.name))
    .flatMap((entry) => filesUnder(join(path, entry.name)))
}
