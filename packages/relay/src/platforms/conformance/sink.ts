import type { PlatformForward, PlatformMessage, PlatformSink } from '../port.js'

/** A sink that keeps what it is told, and refuses or waits when a case wants it to. */
export type TestSink = PlatformSink & {
  readonly messages: PlatformMessage[]
  readonly forwards: PlatformForward[]
  readonly sightings: string[]
  readonly states: string[]
  /** Calls of `message` and `forward`, the refused ones too. */
  attempts: number
  /** While true, nothing can be stored. */
  isBroken: boolean
  /** While set, storing waits for it. */
  gate: Promise<void> | undefined
  /** Everything that may be shown to others, as text. */
  told(): string
}

export function testSink(): TestSink {
  let cursor: string | undefined
  const told: string[] = []

  const store = async (write: () => void): Promise<void> => {
    sink.attempts += 1
    await sink.gate
    if (sink.isBroken) throw new Error('the store is down')
    write()
  }

  const sink: TestSink = {
    messages: [],
    forwards: [],
    sightings: [],
    states: [],
    attempts: 0,
    isBroken: false,
    gate: undefined,
    told: () => told.join('\n'),
    message: (message) =>
      store(() => {
        told.push(JSON.stringify(message))
        sink.messages.push(message)
      }),
    forward: (forward) =>
      store(() => {
        told.push(textOf(forward))
        sink.forwards.push(forward)
      }),
    seen: async (place, messageId) => {
      sink.sightings.push(`${place.chatId} ${messageId}`)
    },
    health: (health) => {
      told.push(JSON.stringify(health))
      sink.states.push(health.state)
    },
    saveCursor: async (saved) => {
      cursor = saved
    },
    loadCursor: async () => cursor,
  }
  return sink
}

/** A forward without what was taken out of it: that one goes to the vault. */
function textOf({ capability, forward, ...rest }: PlatformForward): string {
  const body = new TextDecoder().decode(forward.body)
  return JSON.stringify({ ...rest, kind: capability?.kind, forward: { ...forward, body } })
}
