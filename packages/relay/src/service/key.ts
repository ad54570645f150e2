import { randomBytes } from 'node:crypto'
import type { Ground } from '@parley/kernel/ground'
import { relayErrors } from '../errors.js'
import type { RelayStore } from '../store/port.js'
import { createSealer } from './sealer.js'

const [settingName, plain, context] = ['sealing.check', 'parley relay', 'sealing check']
const keyBytes = 32

type Parts = { store: Pick<RelayStore, 'settings'>; ground: Pick<Ground, 'log'>; key: string | undefined }

/**
 * The key that everything is sealed with. The first opening leaves a check value in the data; from then on any other key is
 * refused with `relay.wrong_key`, and so is opening without a key. Throws `relay.invalid_request` for a key that is none.
 */
export async function openKey({ store: { settings }, ground, key }: Parts): Promise<Uint8Array> {
  // WHY: not from injected ids: a key of a test's ids would be known to everybody.
  const bytes = key === undefined ? randomBytes(keyBytes) : readKey(key)
  const kept = (await settings.get(settingName)) ?? (await leaveCheck())
  if (kept !== undefined && !isSealedWith(bytes, kept)) throw relayErrors.wrongKey()
  return bytes

  /** Undefined when it is ours; what another node left in the same moment otherwise. */
  async function leaveCheck(): Promise<string | undefined> {
    const check = createSealer(bytes).seal(plain, context)
    const left = await ground.log.commit({ ops: [settings.insert(settingName, check)], appends: [] })
    return left.outcome === 'refused' ? settings.get(settingName) : undefined
  }
}

function readKey(text: string): Uint8Array {
  const trimmed = text.trim()
  if (/^[0-9a-f]{64}$/i.test(trimmed)) return Buffer.from(trimmed, 'hex')
  // Standard and URL-safe digits alike: Node's decoder takes both.
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) return Buffer.from(trimmed, 'base64')
  throw relayErrors.invalidRequest({ message: 'key must be 32 bytes as hex or base64' })
}

function isSealedWith(key: Uint8Array, kept: string): boolean {
  try {
    return createSealer(key).open(kept, context) === plain
  } catch {
    // Sealed with another key.
    return false
  }
}
