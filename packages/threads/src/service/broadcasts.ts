// Telling a broadcaster what the plane has committed (contract 8).
import type { Appended, StoredEvent } from '@parley/kernel/log'
import { deriveNamespacePath, NamespaceViolation, type Run, type ThreadEvent } from '../protocol/index.js'
import type { TenantMap, ThreadRow, ThreadStore } from '../store/port.js'
import { Lanes } from './broadcast-lanes.js'
import type { Broadcaster, BroadcastTarget } from './broadcaster.js'
import { toCaller } from './caller.js'
import type { Changed } from './changes.js'
import { toWireEvent } from './events.js'
import { canSee } from './gate.js'
import { toThread } from './objects.js'
import { RunPushes } from './runs/run-pushes.js'

type BroadcastsOptions = {
  broadcaster: Broadcaster
  store: ThreadStore
  namespaceKeys: readonly string[]
  onFault(error: unknown, where: string): void
}

/** Threads whose last version is remembered, so that none is told twice. */
const maxThreads = 1_000

/** Tells a broadcaster of changes that were made on this node, each thread's in their order. */
export class Broadcasts {
  readonly #options: BroadcastsOptions
  readonly #runs: RunPushes
  readonly #lanes: Lanes
  readonly #versions = new Map<string, number>()

  constructor(options: BroadcastsOptions) {
    this.#options = options
    this.#runs = new RunPushes(options.store)
    this.#lanes = new Lanes((error) => options.onFault(error, 'threads.broadcaster'))
  }

  /** What a unit has appended. */
  committed(appended: readonly Appended[]): void {
    for (const { stream, events } of appended) {
      if (!stream.startsWith('thread:')) continue
      this.#lanes.run(stream.slice('thread:'.length), async () => {
        for (const event of events) await this.#event(event)
      })
    }
  }

  /** What has changed beside the log. Members change by events only. */
  changed(threadId: string, changed: Changed): void {
    if (changed.changed === 'thread') this.#lanes.run(threadId, () => this.#thread(threadId))
    if (changed.changed !== 'run') return
    this.#lanes.run(threadId, async () => {
      for (const run of await this.#runs.asNew(changed.run_id))
        await this.#tell(threadId, (to, target) => to.broadcastRunUpdated(run, target))
    })
  }

  /** A thread is gone; `thread` as it was. */
  deleted({ id, tenant }: ThreadRow): void {
    this.#lanes.run(id, async () => {
      this.#tellAt([tenant], (to, target) => to.broadcastThreadDeleted(id, target))
    })
  }

  /** Resolves when everything so far was told. */
  async idle(): Promise<void> {
    await this.#lanes.idle()
  }

  async #event(stored: StoredEvent): Promise<void> {
    const event = toWireEvent(stored)
    const tenants = await this.#tenantsOf(event)
    const tellRuns = (runs: readonly Run[]) => {
      for (const run of runs) this.#tellAt(tenants, (to, target) => to.broadcastRunUpdated(run, target))
    }
    if (event.type === 'run.started' && event.run_id) tellRuns(await this.#runs.asNew(event.run_id))
    this.#tellAt(tenants, (to, target) => to.broadcastEvent(event, target))
    if (event.type === 'thread.member_added') await this.#members(event.thread_id)
    if (event.type === 'thread.member_removed') await this.#removed(event.thread_id, event.member.id)
    if (event.type === 'thread.tenant_changed') await this.#moved(event)
    if (event.type.startsWith('run.') && event.run_id)
      tellRuns(await this.#runs.onEvent(event.run_id, event.type))
  }

  async #thread(threadId: string, also: readonly TenantMap[] = []): Promise<void> {
    const row = await this.#options.store.findThread(threadId)
    if (!row || row.version <= (this.#versions.get(threadId) ?? 0)) return
    this.#versions.delete(threadId)
    this.#versions.set(threadId, row.version)
    const [oldest] = this.#versions.keys()
    if (this.#versions.size > maxThreads && oldest !== undefined) this.#versions.delete(oldest)
    this.#tellAt([row.tenant, ...also], (to, target) => to.broadcastThreadUpdated(toThread(row), target))
  }

  /** Answers the ids of those who are in. */
  async #members(threadId: string): Promise<ReadonlySet<string>> {
    const rows = await this.#options.store.listMembers(threadId)
    const members = rows.map(({ identity }) => identity)
    await this.#tell(threadId, (to, target) => to.broadcastMembersUpdated(threadId, members, target))
    return new Set(rows.map(({ identityId }) => identityId))
  }

  async #removed(threadId: string, memberId: string): Promise<void> {
    const ids = await this.#members(threadId)
    // One who was added again meanwhile stays.
    if (ids.has(memberId)) return
    await this.#tell(threadId, (to, target) => to.evict(threadId, memberId, 'removed', target))
  }

  async #moved({ thread_id, from, to }: ThreadEvent & { type: 'thread.tenant_changed' }): Promise<void> {
    const { store, namespaceKeys } = this.#options
    await this.#thread(thread_id, [from])
    const isElsewhere = this.#placeOf(from) !== this.#placeOf(to)
    for (const { identityId, identity } of await store.listMembers(thread_id))
      if (isElsewhere || !seesAs(identity, to, namespaceKeys))
        this.#tellAt([from], (broadcaster, target) =>
          broadcaster.evict(thread_id, identityId, 'tenant_changed', target),
        )
  }

  /** An event that changes the tenant is for those who were there as well. Without namespaces all are in one place. */
  async #tenantsOf(event: ThreadEvent): Promise<readonly TenantMap[]> {
    if (event.type === 'thread.tenant_changed') return [event.from, event.to]
    if (event.type === 'thread.created') return [event.thread.tenant]
    if (this.#options.namespaceKeys.length === 0) return [{}]
    const row = await this.#options.store.findThread(event.thread_id)
    return row ? [row.tenant] : []
  }

  async #tell(threadId: string, word: Word): Promise<void> {
    const isOnePlace = this.#options.namespaceKeys.length === 0
    const row = isOnePlace ? undefined : await this.#options.store.findThread(threadId)
    this.#tellAt(isOnePlace ? [{}] : row ? [row.tenant] : [], word)
  }

  #tellAt(tenants: readonly TenantMap[], word: Word): void {
    const { broadcaster, onFault } = this.#options
    for (const namespace of new Set(tenants.map((tenant) => this.#placeOf(tenant)))) {
      if (namespace === undefined) continue
      const told = async () => word(broadcaster, { namespace })
      told().catch((error: unknown) => onFault(error, 'threads.broadcaster'))
    }
  }

  /** The namespace of a tenant; none for a thread that is older than the keys. */
  #placeOf(tenant: TenantMap): string | undefined {
    const { namespaceKeys } = this.#options
    try {
      return deriveNamespacePath(tenant, { namespaceKeys })
    } catch (error) {
      if (error instanceof NamespaceViolation) return undefined
      throw error
    }
  }
}

type Word = (broadcaster: Broadcaster, target: BroadcastTarget) => Promise<void> | void

function seesAs(
  identity: Parameters<typeof toCaller>[0],
  tenant: TenantMap,
  namespaceKeys: readonly string[],
): boolean {
  try {
    return canSee(toCaller(identity, namespaceKeys), tenant)
  } catch {
    // An identity without a namespace sees nothing.
    return false
  }
}
