import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, extname, join, relative, sep } from 'node:path'
import { answer } from '@parley/kernel/http'
import { pageHeaders } from './page-headers.js'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
}

type File = { bytes: Uint8Array<ArrayBuffer>; type: string; isHashed: boolean }

/** The built console: its files by path, read once, so that no request ever chooses a file of the disk. */
export type ConsoleFiles = ReadonlyMap<string, File>

/** Where the built console lies; undefined when it is not there. */
export async function loadConsole(directory = consoleDirectory()): Promise<ConsoleFiles | undefined> {
  if (directory === undefined) return undefined
  const names = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => undefined)
  if (!names) return undefined
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const entries = await Promise.all(files.map((file) => readEntry(directory, file)))
  return new Map(entries)
}

async function readEntry(directory: string, file: string): Promise<[string, File]> {
  const path = `/${relative(directory, file).split(sep).join('/')}`
  const type = types[extname(file)] ?? 'application/octet-stream'
  return [path, { bytes: new Uint8Array(await readFile(file)), type, isHashed: path.startsWith('/assets/') }]
}

function consoleDirectory(): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('@parley/console/package.json')), 'dist')
  } catch {
    return undefined
  }
}

/** Answers a file, the demo page, or the console's page for any of its own addresses; undefined for anything else. */
export function consoleResponse(files: ConsoleFiles, path: string): Response | undefined {
  const file = files.get(path) ?? files.get(pageOf(path) ?? '')
  if (!file) return undefined
  const cache: Record<string, string> = file.isHashed
    ? { 'cache-control': 'public, max-age=31536000, immutable' }
    : {}
  return answer(200, file.bytes, { ...pageHeaders(), 'content-type': file.type, ...cache })
}

/** Addresses without an ending are the console's own, and its router knows them. */
function pageOf(path: string): string | undefined {
  if (path === '/demo' || path === '/demo/') return '/demo.html'
  const last = path.slice(path.lastIndexOf('/') + 1)
  return last.includes('.') || path.startsWith('/assets/') ? undefined : '/index.html'
}
