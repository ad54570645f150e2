import { type Ground, openGround } from '@parley/kernel/ground'
import { createRelayApp, type RelayApp } from './http/index.js'
import { openRooms } from './rooms.js'
import type { RelayDeps } from './service/deps.js'
import { openKey } from './service/key.js'
import type { ResolvedOptions } from './service/options.js'
import type { RelayService } from './service/port.js'
import { createSealer } from './service/sealer.js'
import { createTally } from './service/tally.js'
import type { RelaySockets } from './socket/index.js'
import { relayMigrations, sqlRelayStore } from './store/index.js'

/** Everything behind the doors of one plane. */
export type Parts = {
  app: RelayApp
  service: RelayService
  sockets: RelaySockets
  stop(): Promise<void>
}

/** What closes what was opened; the last goes first. */
export type Stops = (() => unknown)[]

/**
 * Opens the ground unless one is given, brings its tables up to date, puts the plane together on it, and begins to take messages in.
 * Rejects, with everything closed, when that fails.
 */
export async function openParts(options: ResolvedOptions, onFault: RelayDeps['onFault']): Promise<Parts> {
  const { database, bus } = options
  const ground: Ground = options.ground ?? (await openGround({ database, bus, onFault }))
  const stops: Stops = []
  const close = async () => {
    for (const stop of stops.reverse()) await stop()
    if (!options.ground) await ground.close()
  }
  try {
    // A given ground is migrated by whoever opened it when that is a server; doing it again is harmless.
    await ground.db.migrate([relayMigrations])
    const store = sqlRelayStore(ground.db)
    const sealer = createSealer(await openKey({ store, ground, key: options.key }))
    const deps: RelayDeps = { ground, store, options, sealer, tally: createTally(), onFault }
    const { service, sockets } = await openRooms(deps, stops)
    let stopping: Promise<void> | undefined
    return {
      app: createRelayApp({ service, options, onFault }),
      service,
      sockets,
      stop: () => (stopping ??= close()),
    }
  } catch (error) {
    await close().catch((fault: unknown) => onFault(fault, 'relay.open'))
    throw error
  }
}
