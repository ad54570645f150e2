import { randomBytes } from 'node:crypto'
import type { Ground } from '@parley/kernel/ground'
import { relayMigrations, sqlRelayStore } from '../store/index.js'
import type { RelayDeps } from './deps.js'
import { type RelayOptions, resolveOptions } from './options.js'
import { createSealer } from './sealer.js'
import { createTally } from './tally.js'

/** What a room of the service works with, on a given ground, with a key of its own. Faults are collected. */
export async function openDeps(
  ground: Ground,
  options: RelayOptions = {},
): Promise<RelayDeps & { faults: unknown[] }> {
  await ground.db.migrate([relayMigrations])
  const faults: unknown[] = []
  return {
    ground,
    store: sqlRelayStore(ground.db),
    options: resolveOptions(options, () => []),
    sealer: createSealer(randomBytes(32)),
    tally: createTally(),
    onFault: (error) => faults.push(error),
    faults,
  }
}
