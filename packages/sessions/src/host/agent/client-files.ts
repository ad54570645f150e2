import { isAbsolute } from 'node:path'
import { type ClientApp, methods } from '@agentclientprotocol/sdk'
import { HostError } from '../errors.js'
import { confine, openForReading, openForWriting, type Place } from '../files/index.js'
import { answering } from './client-errors.js'

/** What is read of a file and written to one; an answer has to fit in a line. */
const maxFileBytes = 8 * 1024 * 1024

/** Answers `fs/*`, inside the workspace only, symbolic links resolved. */
export function answerFiles(app: ClientApp, cwd: string): void {
  app.onRequest(methods.client.fs.readTextFile, ({ params: { path, line, limit } }) =>
    answering(async () => {
      const text = await read(await placeOf(cwd, path), path)
      return { content: part(text, line ?? undefined, limit ?? undefined) }
    }),
  )
  app.onRequest(methods.client.fs.writeTextFile, ({ params: { path, content } }) =>
    answering(async () => {
      await write(await placeOf(cwd, path), path, content)
      return {}
    }),
  )
}

async function placeOf(cwd: string, path: string): Promise<Place> {
  if (!isAbsolute(path)) throw new HostError(400, `Path is not absolute: ${path}`)
  return confine([cwd], path)
}

async function read(place: Place, path: string): Promise<string> {
  await using file = await openForReading(place, path)
  const { size } = await file.stat()
  if (size > maxFileBytes) throw new HostError(413, `File is too large: ${path}`)
  return file.readFile('utf8')
}

async function write(place: Place, path: string, content: string): Promise<void> {
  await using file = await openForWriting(place, path)
  await file.truncate(0)
  await file.writeFile(content, 'utf8')
}

/** `limit` lines from the 1-based `line` on. */
function part(text: string, line = 1, limit?: number): string {
  if (line <= 1 && limit === undefined) return text
  const from = Math.max(1, line) - 1
  return text
    .split('\n')
    .slice(from, limit === undefined ? undefined : from + limit)
    .join('\n')
}
