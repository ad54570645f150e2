import { createDecisions } from '@parley/kernel/decisions'
import { type Ground, openGround } from '@parley/kernel/ground'
import { createThreadsApp, type ThreadsApp } from './http/app.js'
import { Broadcasts } from './service/broadcasts.js'
import { createCommit } from './service/commit.js'
import { registerExpiry } from './service/decisions/expiry.js'
import { maxOpenQuestions } from './service/decisions/questions.js'
import type { ThreadsDeps } from './service/deps.js'
import { createThreadsOperator, type ThreadsOperator } from './service/operator.js'
import type { ResolvedOptions } from './service/options.js'
import { WriteRates } from './service/rates.js'
import type { Assistants } from './service/runs/assistants.js'
import { invokeFromRun } from './service/runs/invoke.js'
import { Runner } from './service/runs/runner.js'
import { startOrphanSweep } from './service/runs/sweep.js'
import { createThreadsService, type ThreadsService } from './service/service.js'
import { openWebhooks } from './service/webhooks/index.js'
import type { ThreadsWebhooks } from './service/webhooks/types.js'
import { createThreadsSockets, type ThreadsSockets } from './socket/index.js'
import { operatorReads, sqlThreadStore, sqlWebhookStore, threadsMigrations } from './store/index.js'

/** Everything behind the doors of one plane. */
export type Parts = {
  app: ThreadsApp
  service: ThreadsService
  operator: ThreadsOperator
  webhooks: ThreadsWebhooks
  sockets: ThreadsSockets
  stop(): Promise<void>
}

/** Opens the ground unless one is given, brings its tables up to date, and puts the plane together on it. */
export async function openParts(
  options: ResolvedOptions,
  assistants: Assistants,
  onFault: ThreadsDeps['onFault'],
): Promise<Parts> {
  const { database, bus } = options
  const ground: Ground = options.ground ?? (await openGround({ database, bus, onFault }))
  // A given ground is migrated by whoever opened it when that is a server; doing it again is harmless.
  await ground.db.migrate([threadsMigrations])
  const store = options.store ?? sqlThreadStore(ground.db)
  const webhooks = await openWebhooks({
    ground,
    threads: store,
    store: sqlWebhookStore(ground.db),
    options: options.webhooks,
    onFault,
  })
  const rates = new WriteRates(ground.clock, options.limits.writesPer10Seconds)
  const { broadcaster, namespaceKeys } = options
  const broadcasts = broadcaster && new Broadcasts({ broadcaster, store, namespaceKeys, onFault })
  const commit = createCommit({ webhooks, broadcasts })
  const decisions = createDecisions({
    ground: {
      db: ground.db,
      clock: ground.clock,
      ids: ground.ids,
      // Expiries are events like all others: they leave as those do.
      log: { commit, tap: (stream, tap) => ground.log.tap(stream, tap) },
    },
    limits: { maxOpenPerStream: maxOpenQuestions },
    onFault,
  })
  registerExpiry(decisions)
  const deps: ThreadsDeps = {
    ground,
    store,
    commit,
    broadcasts,
    decisions,
    options,
    rates,
    assistants,
    runner: new Runner({
      deps: () => deps,
      invoke: (run, assistantId) => invokeFromRun(deps, run, assistantId),
    }),
    onFault,
  }
  const service = createThreadsService(deps)
  const sockets = createThreadsSockets({ deps, service })
  const stopSweep = startOrphanSweep(deps)
  decisions.start()
  let stopping: Promise<void> | undefined
  const stop = async () => {
    await stopSweep()
    await deps.runner.stop()
    await sockets.stop()
    await decisions.close()
    await webhooks.stop()
    await broadcasts?.idle()
    if (!options.ground) await ground.close()
  }
  return {
    app: createThreadsApp({ service, options, onFault }),
    service,
    operator: createThreadsOperator(deps, operatorReads(ground.db)),
    webhooks: webhooks.service,
    sockets,
    stop: () => (stopping ??= stop()),
  }
}
