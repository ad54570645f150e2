import { opendir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Ground } from '@parley/kernel/ground'
import { rawJson } from '@parley/kernel/log'
import type { Tenant } from '@parley/kernel/principal'
import { linkLimits, type WireEvent } from '../../protocol/index.js'
import type { SessionsStore } from '../../store/port.js'
import { streamOf } from '../streams.js'
import { isUuid } from '../uuid.js'
import { importer } from './importer.js'
import { type ReadLimits, readOldLog } from './read-file.js'
import { rowOf } from './row.js'

export type ImportDirOptions = {
  /** The `sessionsDir` of the original: files `<session id>.jsonl`, of which each line is one event. */
  directory: string
  /** Who sees the sessions. Default `{}`: whoever sees sessions without a tenant. */
  tenant?: Tenant
  /** Bytes of a file (64 MiB) and of a line (1 MiB), events of a session (100,000). */
  limits?: Partial<ReadLimits>
}

/** What came of it. `skipped`: sessions that are there with events of their own, or are still active. */
export type ImportReport = {
  imported: { sessionId: string; events: number }[]
  skipped: string[]
  /** `line` counts from 1; without it the whole file was left out. */
  problems: { file: string; line?: number; message: string }[]
}

type Importing = ImportDirOptions & ImportDirDeps

const defaults: ReadLimits = {
  fileBytes: 64 * 1024 * 1024,
  lineBytes: linkLimits.frameBytes,
  events: 100_000,
}
const eventsAtOnce = 500

export type ImportDirDeps = { ground: Pick<Ground, 'log'>; store: Pick<SessionsStore, 'sessions'> }

/** Takes over a directory of old logs, on a migrated database. */
export async function importDir(options: Importing): Promise<ImportReport> {
  const report: ImportReport = { imported: [], skipped: [], problems: [] }
  const limits = { ...defaults, ...options.limits }
  for await (const { name } of await opendir(options.directory)) {
    const id = /^(.+)\.jsonl$/.exec(name)?.[1]
    if (id === undefined) continue
    if (isUuid(id)) await importFile(options, { id: id.toLowerCase(), name, limits, report })
    else report.problems.push({ file: name, message: 'its name is no session id' })
  }
  return report
}

type OldFile = { id: string; name: string; limits: ReadLimits; report: ImportReport }

async function importFile(options: Importing, file: OldFile): Promise<void> {
  const { id, name, limits, report } = file
  try {
    const taken = await alreadyTaken(options, id)
    if (taken === 'foreign') return void report.skipped.push(id)
    const { events, problems } = await readOldLog(join(options.directory, name), name.slice(0, -6), limits)
    report.problems.push(...problems.map((problem) => ({ file: name, ...problem })))
    if (taken >= events.length) {
      if (events.length > 0) report.skipped.push(id)
      return
    }
    await append(options, id, events, taken)
    report.imported.push({ sessionId: id, events: events.length - taken })
  } catch (error) {
    report.problems.push({ file: name, message: error instanceof Error ? error.message : String(error) })
  }
}

/** How many of its events an import before this one stored. */
async function alreadyTaken({ ground, store }: Importing, id: string): Promise<number | 'foreign'> {
  const row = await store.sessions.find(id)
  if (row?.status === 'active') return 'foreign'
  const [newest] = await ground.log.last(streamOf(id), { limit: 1 })
  if (!newest) return 0
  return newest.actor.id === importer.id ? newest.seq : 'foreign'
}

async function append(
  { ground, store, tenant = {} }: Importing,
  id: string,
  events: readonly WireEvent[],
  taken: number,
): Promise<void> {
  const isKnown = (await store.sessions.find(id)) !== undefined
  for (let from = taken; from < events.length; from += eventsAtOnce) {
    const drafts = events.slice(from, from + eventsAtOnce).map((event) => ({
      type: event.type,
      actor: importer,
      body: rawJson(JSON.stringify(event)),
    }))
    const isFirst = from === 0 && !isKnown
    const result = await ground.log.commit({
      ops: isFirst ? [store.sessions.insert(rowOf(id, events, tenant))] : [],
      // The key: two imports at the same time store it once.
      appends: [{ stream: streamOf(id), drafts, key: `import:${from}` }],
    })
    if (result.outcome !== 'committed') throw new Error('somebody else is importing it')
  }
}
