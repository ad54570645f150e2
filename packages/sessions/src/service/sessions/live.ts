// Sessions of hosts without a link after a restart of this server (section 1.5). Linked hosts say themselves what they have.

import type { Ground } from '@parley/kernel/ground'
import type { Runtime } from '../../protocol/index.js'
import type { SessionRow, SessionsStore } from '../../store/port.js'
import type { Probe } from '../core.js'
import type { Intake, Observer } from '../port.js'
import { readAnswer } from '../runtimes/read-answer.js'
import { recordEnd } from './record-end.js'

/** For so long a session that does not answer is taken for alive: its host may be starting. */
const doubtMicros = 5 * 60 * 1_000_000

const atOnce = 8
const reconnectWithinMs = 10_000
const gone = 'The session was not found on its host after a restart of the server.'

export interface Live {
  /** For the intake: forgets what has ended. */
  readonly observer: Observer
  /** This node has started the session. */
  knows(id: string): void
  /**
   * Looks for a session that this node does not know; false when it was found to be over. One that does not answer is ended
   * only when it has not changed for `doubtMicros`.
   */
  ensure(row: SessionRow): Promise<boolean>
  /** At open: looks for every active session and ends those that are gone. */
  recover(): Promise<void>
  /** What `recover` found, or left to its host to find; some may have ended since. */
  readonly recovered: ReadonlySet<string>
}

type Parts = {
  ground: Pick<Ground, 'clock' | 'db'>
  store: Pick<SessionsStore, 'sessions'>
  intake: Intake
  runtimes: Readonly<Record<string, Runtime>>
  probe: Probe
  onFault(error: unknown, where: string): void
}

export function createLive(parts: Parts): Live {
  const known = new Set<string>()
  const recovered = new Set<string>()
  const looking = new Map<string, Promise<boolean>>()
  const look = (row: SessionRow): Promise<boolean> => {
    const running = looking.get(row.id)
    if (running) return running
    const started = isThere(parts, row).finally(() => looking.delete(row.id))
    looking.set(row.id, started)
    return started
  }
  const find = async (row: SessionRow): Promise<boolean> => {
    if (row.hostId !== null || known.has(row.id)) return true
    const isFound = await look(row)
    if (isFound) known.add(row.id)
    return isFound
  }
  return {
    observer: {
      committed: ({ session, event }) => {
        if (event.type !== 'session.terminated') return
        known.delete(session.id)
        recovered.delete(session.id)
      },
    },
    knows: (id) => void known.add(id),
    ensure: async (row) => {
      if (await find(row)) return true
      if (parts.ground.clock.micros() - row.updatedAt <= doubtMicros) return true
      await recordEnd(parts, row, { reason: 'error', message: gone })
      return false
    },
    recover: () => recoverAll(parts, find, recovered),
    recovered,
  }
}

async function recoverAll(
  parts: Parts,
  find: (row: SessionRow) => Promise<boolean>,
  recovered: Set<string>,
): Promise<void> {
  const { store, ground } = parts
  const rest = (await store.sessions.listActive()).filter(
    // Another node may be starting it right now.
    (row) => row.runtimeInfo !== null || ground.db.exclusive || isOld(row, ground.clock.micros()),
  )
  const work = async () => {
    for (let row = rest.shift(); row; row = rest.shift())
      if (await find(row)) recovered.add(row.id)
      else await recordEnd(parts, row, { reason: 'error', message: gone })
  }
  await Promise.all(Array.from({ length: atOnce }, work))
}

const isOld = ({ startedAt }: SessionRow, now: number) => now - startedAt > doubtMicros

async function isThere({ runtimes, probe, ground, onFault }: Parts, row: SessionRow): Promise<boolean> {
  const { runtimeInfo: info, runtimeType, id } = row
  const runtime = Object.hasOwn(runtimes, runtimeType) ? runtimes[runtimeType]! : undefined
  if (!runtime || !info) return false
  const late = new AbortController()
  const stop = ground.clock.after(reconnectWithinMs, () => late.abort())
  const tooLate = new Promise<false>((resolve) => {
    late.signal.addEventListener('abort', () => resolve(false), { once: true })
  })
  const guarded = (attempt: Promise<boolean>) =>
    attempt.catch((error) => {
      if (!late.signal.aborted) onFault(error, 'sessions.recovery')
      return false
    })
  try {
    const meta = info.runtimeMeta ?? null
    const reconnected = guarded(Promise.resolve(runtime.reconnect?.(id, meta) ?? false))
    if (await Promise.race([reconnected, tooLate])) return true
    const asked = guarded(answersForHealth(runtime, id, late.signal))
    if (await Promise.race([asked, tooLate])) return true
  } finally {
    stop()
    late.abort()
  }
  return (
    info.hostUrl !== '' &&
    probe(`${info.hostUrl.replace(/\/+$/, '')}/sessions/${encodeURIComponent(id)}/health`)
  )
}

/** Asks by the way that every other request goes. */
async function answersForHealth(runtime: Runtime, id: string, signal: AbortSignal): Promise<boolean> {
  const response = await runtime.fetchSession(id, new Request('http://session.invalid/health', { signal }))
  const { status } = await readAnswer(response)
  return status >= 200 && status < 300
}
