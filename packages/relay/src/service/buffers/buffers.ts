// What waits for an instance (contract 7.2): every event is stored here before anybody is sent it, and leaves when it is acknowledged.

import { rawJson } from '@parley/kernel/log'
import { limits } from '../../protocol/index.js'
import type { EntryRow } from '../../store/port.js'
import { relayIdentity } from '../changes.js'
import type { Buffers, RelayDeps, Waker } from '../deps.js'
import { fitFrame } from './fit-frame.js'

/** Who is live follows the instance's stream and needs no call; `waker` is asked to poke the others. */
export function createBuffers(deps: RelayDeps, { waker }: { waker: Pick<Waker, 'wake'> }): Buffers {
  const { ground, store, options } = deps
  const most = { entries: options.limits.bufferEntries, bytes: options.limits.bufferBytes }
  return {
    append: ({ key: { tenant, instanceId }, stream }, { kind, frame, expiresInMs = ageOf[kind] }) => {
      const key = { tenant, instanceId }
      const bufferId = ground.ids.next('buf')
      const fitted = fitFrame(frame, bufferId)
      if (!fitted) return undefined
      const createdAt = ground.clock.micros()
      const expiresAt = createdAt + expiresInMs * 1_000
      const draft = { ...key, stream, bufferId, kind, bytes: fitted.bytes, createdAt, expiresAt }
      const event = {
        id: bufferId,
        type: `relay.${kind}`,
        actor: relayIdentity,
        body: rawJson(fitted.text),
      }
      return {
        bufferId,
        ops: [...store.entries.append(draft), ...store.entries.trim(key, most)],
        append: { stream, drafts: [event] },
      }
    },
    appended: (keys) => waker.wake(keys),
  }
}

const ageOf: Record<EntryRow['kind'], number> = {
  inbound: limits.bufferAgeMs,
  passthrough: limits.passthroughAgeMs,
}
