// Stands in for a bundler: finds the files of the packages that the page imports.
import { createRequire } from 'node:module'

const client = import.meta.resolve('@parley/handshake/client')
const folders: Record<string, URL> = {
  '/modules/handshake/': new URL('../', client),
  // From where the client finds them.
  '/modules/kernel/': new URL('../', `file://${createRequire(client).resolve('@parley/kernel/wire')}`),
  '/modules/zod/': new URL('../', `file://${createRequire(client).resolve('zod/mini')}`),
}

/** The file behind `/modules/…`; a path that was parsed as a URL has no `..` left. */
export function moduleFile(path: string): URL | undefined {
  const folder = Object.keys(folders).find((prefix) => path.startsWith(prefix))
  if (!folder || !/^[\w./-]+\.js$/.test(path)) return undefined
  return new URL(path.slice(folder.length), folders[folder])
}
