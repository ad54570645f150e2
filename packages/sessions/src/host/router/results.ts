// Results of calls with a key, on disk: a repeated call runs nothing and gets the same answer (section 13.4).
import { type FileHandle, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Clock } from '@parley/kernel/ids'
import { type HostResponse, linkLimits } from '../../protocol/index.js'
import { createGroupWriter } from '../spool/group-writer.js'
import { syncPath } from '../spool/segment-file.js'
import { type KeptResult, parseLine, toLine } from './kept-result.js'

export type ResultsOptions = {
  /** A file in the host's data directory. */
  path: string
  clock: Clock
  /** Told once when it can't be written. */
  onFailure(error: unknown): void
  /** Default 1,000. */
  limit?: number
  /** Default 24 hours. */
  keepMs?: number
}

export interface Results {
  /**
   * Runs a call, or answers what the call with the same key answered, also while that one runs. A call that was under way
   * when an earlier host ended is not run again: 500. `run` must not reject.
   */
  once(key: string, run: () => Promise<HostResponse>): Promise<HostResponse>
  close(): Promise<void>
}

const interrupted: HostResponse = { status: 500, body: { error: 'The host ended while it ran this call' } }
// Larger answers (none of the calls that have keys gives one) are not kept word for word.
const maxLineBytes = 256 * 1024

export async function openResults(options: ResultsOptions): Promise<Results> {
  const { path, clock, limit = linkLimits.keptResults, keepMs = linkLimits.keptResultsMs } = options
  const kept = await readKept(path)
  const running = new Map<string, Promise<HostResponse>>()
  let handle = await rewrite(path, fresh())
  let lines = kept.size

  const writer = createGroupWriter<KeptResult>({
    write: async (results) => {
      await handle.appendFile(results.map(toLine).join(''))
      await handle.datasync()
      lines += results.length
      if (lines < 4 * limit) return
      await handle.close()
      handle = await rewrite(path, fresh())
      lines = kept.size
    },
    onFailure: options.onFailure,
  })

  function fresh(): KeptResult[] {
    const oldest = clock.now() - keepMs
    for (const { key, at } of kept.values()) if (at <= oldest || kept.size > limit) kept.delete(key)
    return [...kept.values()]
  }
  const keep = async (result: KeptResult): Promise<void> => {
    // Deleted first, so that the newest is the last of the map.
    kept.delete(result.key)
    kept.set(result.key, result)
    fresh()
    writer.push(result)
    await writer.written()
  }
  const runOnce = async (key: string, run: () => Promise<HostResponse>): Promise<HostResponse> => {
    await keep({ key, at: clock.now() })
    const response = await run()
    await keep({ key, at: clock.now(), response: keepable(response) })
    return response
  }

  return {
    once: (key, run) => {
      const under = running.get(key)
      if (under) return under
      fresh()
      const earlier = kept.get(key)
      if (earlier) return Promise.resolve(earlier.response ?? interrupted)
      const call = runOnce(key, run).finally(() => running.delete(key))
      running.set(key, call)
      return call
    },
    close: async () => {
      await writer.written().catch(() => {})
      await handle.close()
    },
  }
}

function keepable(response: HostResponse): HostResponse {
  const isSmall = Buffer.byteLength(JSON.stringify(response)) <= maxLineBytes
  return isSmall ? response : { status: response.status, body: { error: 'the answer was too large to keep' } }
}

async function readKept(path: string): Promise<Map<string, KeptResult>> {
  const kept = new Map<string, KeptResult>()
  for (const line of (await readIfThere(path)).split('\n')) {
    const result = parseLine(line)
    if (!result) continue
    kept.delete(result.key)
    kept.set(result.key, result)
  }
  return kept
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}

/** Leaves out what is not kept any more. After a crash the file is the old one or the new one. */
async function rewrite(path: string, results: readonly KeptResult[]): Promise<FileHandle> {
  const handle = await open(`${path}.new`, 'w', 0o600)
  await handle.writeFile(results.map(toLine).join(''))
  await handle.sync()
  await rename(`${path}.new`, path)
  await syncPath(dirname(path))
  return handle
}
