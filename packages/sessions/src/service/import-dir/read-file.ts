import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { WireEvent } from '../../protocol/index.js'
import { eventIn } from './event.js'
import { linesOf } from './lines.js'

export type ReadLimits = { fileBytes: number; lineBytes: number; events: number }

export type OldLog = { events: WireEvent[]; problems: { line?: number; message: string }[] }

/** Problems of one file that are told one by one. */
const maxProblems = 100

/**
 * The events of an old log in its order, each once: the original wrote them again whenever it was restarted. Lines that
 * make no sense are problems and are left out.
 */
export async function readOldLog(path: string, sessionId: string, limits: ReadLimits): Promise<OldLog> {
  const log: OldLog = { events: [], problems: [] }
  // A link may lead anywhere, and a pipe never ends.
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const stats = await file.stat()
    if (!stats.isFile()) return { ...log, problems: [{ message: 'it is no file' }] }
    if (stats.size > limits.fileBytes)
      return { ...log, problems: [{ message: `it is larger than ${limits.fileBytes} bytes` }] }
    const seen = new Set<string>()
    const tell = (line: number, message: string) => {
      if (log.problems.length < maxProblems) log.problems.push({ line, message })
    }
    for await (const line of linesOf(file, limits.lineBytes)) {
      if (log.events.length >= limits.events) {
        tell(line.number, `only the first ${limits.events} events are taken`)
        break
      }
      if ('isTooLong' in line) tell(line.number, `it is longer than ${limits.lineBytes} bytes`)
      else take(line.text, line.number)
    }
    return log

    function take(text: string, number: number): void {
      if (text.trim() === '') return
      try {
        const event = eventIn(text, sessionId)
        const key = createHash('sha256').update(JSON.stringify(event)).digest('base64')
        if (seen.has(key)) return
        seen.add(key)
        log.events.push(event)
      } catch (error) {
        tell(number, error instanceof Error ? error.message : String(error))
      }
    }
  } finally {
    await file.close()
  }
}
