// Requests that are held back until the application's handler has had its say (section 4.2).
import type { Stop } from '@parley/kernel/ids'
import type { Lease } from '@parley/kernel/leases'
import { systemPrincipal, toIdentity } from '@parley/kernel/principal'
import { sessionEvents } from '../../protocol/index.js'
import type { PermissionRow, SessionRow } from '../../store/port.js'
import { answer, toResponseBody } from './answering.js'
import { toHandlerContext } from './handler-context.js'
import type { PermissionsParts } from './parts.js'
import { askerOf } from './request.js'

const sweepMs = 30_000
const handlerIdentity = { ...toIdentity(systemPrincipal), name: 'onPermissionRequest' }

/** Asks the handler; what a node that crashed was asking is asked anew. */
export class Deciding {
  readonly #parts: PermissionsParts
  readonly #running = new Map<string, Lease | undefined>()
  #stopTimer: Stop = () => {}
  #isStopped = false
  #sweeping: Promise<void> = Promise.resolve()

  constructor(parts: PermissionsParts) {
    this.#parts = parts
  }

  start(): void {
    this.#sweep()
  }

  /** Gives up what it is asking: whoever comes next asks anew. Handlers are not waited for. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#stopTimer()
    await this.#sweeping
    await Promise.all([...this.#running.values()].map(async (lease) => lease?.release()))
  }

  decide(session: SessionRow, row: PermissionRow): void {
    const { decisionId } = row
    if (this.#isStopped || this.#running.has(decisionId)) return
    this.#running.set(decisionId, undefined)
    this.#decide(session, row)
      .catch((error: unknown) => this.#isStopped || this.#parts.onFault(error, 'sessions.permissions'))
      .finally(() => this.#running.delete(decisionId))
  }

  #sweep(): void {
    this.#sweeping = this.#decideAll().catch((error: unknown) =>
      this.#parts.onFault(error, 'sessions.permissions'),
    )
    this.#stopTimer = this.#parts.ground.clock.after(sweepMs, () => this.#sweep())
  }

  async #decideAll(): Promise<void> {
    const { permissions, sessions } = this.#parts.store
    const rows = await permissions.listDeciding()
    if (rows.length === 0) return
    const found = await sessions.findMany([...new Set(rows.map(({ sessionId }) => sessionId))])
    const byId = new Map(found.map((session) => [session.id, session]))
    for (const row of rows) {
      const session = byId.get(row.sessionId)
      if (session) this.decide(session, row)
    }
  }

  async #decide(session: SessionRow, row: PermissionRow): Promise<void> {
    const { ground, store } = this.#parts
    // Another node may be asking.
    const lease = await ground.leases.tryAcquire(`permission:${row.decisionId}`)
    if (!lease) return
    this.#running.set(row.decisionId, lease)
    try {
      const now = await store.permissions.find(row.sessionId, row.requestId)
      if (now?.state !== 'deciding') return
      const body = await this.#ask(session, row)
      if (this.#isStopped) return
      const outcome = body && ({ kind: 'answered', body, by: handlerIdentity, automatic: true } as const)
      if (outcome) await answer(this.#parts, session, row, outcome)
      else await this.#show(session, row)
    } finally {
      await lease.release()
    }
  }

  /** Undefined leaves it to people. */
  async #ask(session: SessionRow, row: PermissionRow) {
    const { onPermissionRequest, onFault } = this.#parts
    try {
      const said = await onPermissionRequest?.(toHandlerContext(session, row.request))
      if (said === undefined || said === null) return undefined
      const body = toResponseBody(said)
      const isOffered =
        body &&
        (!('optionId' in body) || row.request.options.some(({ optionId }) => optionId === body.optionId))
      if (isOffered) return body
      throw new Error('onPermissionRequest answered with something that was not offered.')
    } catch (error) {
      onFault(error, 'sessions.onPermissionRequest')
      return undefined
    }
  }

  async #show(session: SessionRow, row: PermissionRow): Promise<void> {
    const { store, intake } = this.#parts
    const timestamp = new Date(Math.floor(row.askedAt / 1_000)).toISOString()
    const event = { type: sessionEvents.permissionRequest, data: { ...row.request }, timestamp }
    // Refused when somebody has settled it meanwhile: then there is nothing to show.
    await intake.take([{ sessionId: session.id, event, actor: askerOf(session), isOnRecord: true }], {
      guards: [store.permissions.change(row, 'open', ['deciding'])],
    })
  }
}
