// Remembers since when an endpoint fails, and disables the one that wants nothing any more.
import type { Op } from '@parley/kernel/db'
import type { SendOutcome } from '@parley/kernel/delivery'
import type { Ground } from '@parley/kernel/ground'
import type { DisabledReason, WebhookKnown, WebhookRow, WebhookStore } from '../../store/webhooks/port.js'
import type { WebhookRegistry } from './registry.js'

type HealthDeps = {
  ground: Ground
  store: WebhookStore
  registry: WebhookRegistry
  /** 0: never. */
  disableAfterMs: number
  onFault(error: unknown, where: string): void
}

/** Neither of its functions rejects: what became of a delivery does not depend on them. */
export class Health {
  readonly #deps: HealthDeps

  constructor(deps: HealthDeps) {
    this.#deps = deps
  }

  /** Takes note of an attempt; writes only where the endpoint began to fail, or is well again. */
  async note({ id, url, failingSince }: WebhookRow, { outcome }: SendOutcome): Promise<void> {
    const { ground, store, disableAfterMs } = this.#deps
    const now = ground.clock.micros()
    if (outcome === 'sent') {
      if (failingSince !== null) await this.#commit([store.setFailing(id, null)])
    } else if (failingSince === null) await this.#commit([store.setFailing(id, now)])
    else if (disableAfterMs > 0 && now - failingSince >= disableAfterMs * 1_000)
      await this.#disable(id, 'failing', { url, failingSince })
  }

  /** It answered 410: it wants nothing any more. */
  async gone({ id, url }: WebhookRow): Promise<void> {
    await this.#disable(id, 'gone', { url })
  }

  /** WHY only as it was known: an attempt takes its time, and somebody may have mended the endpoint meanwhile. */
  async #disable(id: string, disabledReason: DisabledReason, as: WebhookKnown): Promise<void> {
    const { store, registry } = this.#deps
    await this.#commit(store.update(id, { isEnabled: false, disabledReason }, as), () => registry.changed())
  }

  async #commit(ops: Op[], then: () => Promise<void> = async () => {}): Promise<void> {
    const { ground, onFault } = this.#deps
    try {
      await ground.log.commit({ ops, appends: [] })
      await then()
    } catch (error) {
      onFault(error, 'threads.webhooks')
    }
  }
}
