import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root, textOf } from './checkout.js'

/** One subpath of a package: what a bundler, the compiler and our own tests are given. */
export type EntryPoint = { subpath: string; source: string; built: string }

export type Workspace = {
  name: string
  /** From the root, for example `packages/kernel`. */
  folder: string
  isPublished: boolean
  entryPoints: EntryPoint[]
}

type Manifest = { name: string; private?: boolean; exports?: Record<string, string | Record<string, string>> }

/** The packages and apps of the checkout. */
export function workspaces(): Workspace[] {
  return ['packages', 'apps'].flatMap((parent) =>
    readdirSync(join(root, parent))
      .map((name) => `${parent}/${name}`)
      .filter((folder) => existsSync(join(root, folder, 'package.json')))
      .map(toWorkspace),
  )
}

function toWorkspace(folder: string): Workspace {
  const manifest = JSON.parse(textOf(`${folder}/package.json`)) as Manifest
  const entryPoints = Object.entries(manifest.exports ?? {}).flatMap(([subpath, targets]) =>
    typeof targets === 'string' ? [] : [toEntryPoint(folder, subpath, targets)],
  )
  return { name: manifest.name, folder, isPublished: manifest.private !== true, entryPoints }
}

function toEntryPoint(folder: string, subpath: string, targets: Record<string, string>): EntryPoint {
  const inside = (target = '') => `${folder}/${target.replace('./', '')}`
  return { subpath, source: inside(targets['@parley/source']), built: inside(targets.default) }
}
