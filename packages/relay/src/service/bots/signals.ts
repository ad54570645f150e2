import type { BotHealth } from '../../platforms/port.js'
import type { BotIdentity } from '../../protocol/index.js'

/** What nodes tell each other of bots. */
export type BotSignal = BotIdentity & ({ kind: 'changed' } | { kind: 'health'; health: BotHealth })

export const writeBotSignal = (signal: BotSignal): string => JSON.stringify(signal)

/** Undefined for what a node of another version may say. */
export function readBotSignal(payload: string): BotSignal | undefined {
  try {
    const signal = JSON.parse(payload) as BotSignal
    const isNamed = typeof signal.platform === 'string' && typeof signal.botId === 'string'
    if (!isNamed) return undefined
    if (signal.kind === 'changed') return signal
    return signal.kind === 'health' && typeof signal.health?.state === 'string' ? signal : undefined
  } catch {
    return undefined
  }
}
