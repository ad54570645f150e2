// Keeps a storage of the application's up to date (section 14.6): ours is written first, then theirs.

import type { AgentTemplate, RuntimeInstance, SessionsStorage, WebhookConfig } from '../protocol/index.js'
import type { SessionRow, SessionsStore } from '../store/port.js'
import type { Observer } from './port.js'
import { toWireTime } from './times.js'
import { toMeta } from './views.js'

export type TemplatePatch = Parameters<SessionsStorage['updateAgentTemplate']>[1]

/** Writes through. Only `created` throws what the storage throws; everything else is reported as a fault. */
export interface Mirror {
  /** For the intake. */
  readonly observer: Observer
  /** Sessions that the storage has already and that may still change. */
  knows(ids: readonly string[]): void
  created(row: SessionRow, webhooks: readonly WebhookConfig[]): Promise<void>
  /** A session has changed: what is new of it is written soon. */
  touched(id: string): void
  savedTemplate(template: AgentTemplate): Promise<void>
  updatedTemplate(id: string, patch: TemplatePatch): Promise<void>
  savedInstance(instance: RuntimeInstance): Promise<void>
  removedInstance(name: string): Promise<void>
  /** Resolves when everything that was touched is written. */
  idle(): Promise<void>
}

const nothing = async (): Promise<void> => undefined

/** For a plane that keeps everything itself. */
export const noMirror: Mirror = {
  observer: {},
  knows: () => undefined,
  created: nothing,
  touched: () => undefined,
  savedTemplate: nothing,
  updatedTemplate: nothing,
  savedInstance: nothing,
  removedInstance: nothing,
  idle: nothing,
}

type Parts = {
  storage: SessionsStorage
  store: Pick<SessionsStore, 'sessions' | 'permissions'>
  onFault(error: unknown, where: string): void
}

export function createMirror({ storage, store, onFault }: Parts): Mirror {
  const sessions = new SessionWriter({ storage, store, onFault })
  const write = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      onFault(error, 'sessions.storage')
    }
  }
  return {
    observer: { committed: ({ session }) => sessions.touched(session.id) },
    knows: (ids) => sessions.knows(ids),
    touched: (id) => sessions.touched(id),
    idle: () => sessions.idle(),
    created: async (row, webhooks) => {
      await storage.createSession(toMeta(row, null), row.runtimeInfo ?? undefined, [...webhooks])
      sessions.knows([row.id])
      sessions.touched(row.id)
    },
    savedTemplate: (template) => write(() => storage.saveAgentTemplate(template)),
    updatedTemplate: (id, patch) => write(() => storage.updateAgentTemplate(id, patch)),
    savedInstance: (instance) => write(() => storage.saveRuntimeInstance(instance)),
    removedInstance: (name) => write(() => storage.deleteRuntimeInstance(name)),
  }
}

/** One write at a time for each session, each of what the session is then: a burst of events is one or two writes. */
class SessionWriter {
  readonly #parts: Parts
  /** Those that the storage has; false while nothing is under way, true when it changed meanwhile. */
  readonly #known = new Set<string>()
  readonly #running = new Map<string, { again: boolean; done: Promise<void> }>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  knows(ids: readonly string[]): void {
    for (const id of ids) this.#known.add(id)
  }

  touched(id: string): void {
    if (!this.#known.has(id)) return
    const running = this.#running.get(id)
    if (running) running.again = true
    else this.#start(id)
  }

  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all([...this.#running.values()].map(({ done }) => done))
  }

  #start(id: string): void {
    const run = { again: false, done: Promise.resolve() }
    run.done = this.#run(id, run)
    this.#running.set(id, run)
  }

  async #run(id: string, run: { again: boolean }): Promise<void> {
    // Only once it is among those that run.
    await Promise.resolve()
    do {
      run.again = false
      await this.#write(id).catch((error) => this.#parts.onFault(error, 'sessions.storage'))
    } while (run.again)
    this.#running.delete(id)
  }

  async #write(id: string): Promise<void> {
    const { storage, store } = this.#parts
    const row = await store.sessions.find(id)
    if (!row) return void this.#known.delete(id)
    const [pending] = row.status === 'active' ? await store.permissions.listOpen([id]) : []
    await storage.updateSession(id, {
      lastUpdatedAt: toWireTime(row.updatedAt),
      pendingPermission: pending?.request ?? null,
      ...(row.title !== null && { title: row.title }),
    })
    if (row.status !== 'killed') return
    this.#known.delete(id)
    await storage.finalizeSession(id, 'terminated')
    if (row.end) await storage.recordSessionEnd?.(id, row.end)
  }
}
