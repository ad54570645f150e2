import { setTimeout as sleep } from 'node:timers/promises'
import { type EventDraft, text } from '@parley/threads/protocol'
import type { Socket } from 'socket.io-client'
import { type Asker, ask, stuckMs, succeeded } from './ask.js'
import type { Acknowledged, LoggedEvent } from './evidence.js'
import { askOver, openLine, Refused } from './line.js'

export type WriterOptions = Asker & {
  name: string
  threadId: string
  /** Told of each message that was acknowledged. */
  onAcknowledged(acknowledged: Acknowledged): void
}

const longestPauseMs = 60

/** Writes one message after the other until told to stop, each until it is acknowledged; some are sent once more. */
export async function write(options: WriterOptions, signal: AbortSignal): Promise<void> {
  const { random, name } = options
  const line = new WritersLine(options)
  for (let n = 1; !signal.aborted; n++) {
    const recipients = random.chance(0.05) ? ['echo'] : undefined
    const draft = { client_id: `${name}-${n}`, content: [text(`${name} says ${n}`)], recipients }
    const sendings = random.chance(0.1) ? 2 : 1
    for (let sending = 0; sending < sendings; sending++) {
      const event = random.chance(0.5) ? await overRest(options, draft) : await line.send(draft)
      options.onAcknowledged({ author: name, clientId: draft.client_id, eventId: event.id, seq: event.seq })
    }
    await sleep(random.below(longestPauseMs))
  }
  line.close()
}

async function overRest(options: WriterOptions, body: EventDraft): Promise<LoggedEvent> {
  const path = `/threads/${options.threadId}/messages`
  return succeeded(await ask(options, { who: options.name, method: 'POST', path, body }))
}

/** A writer's socket: made anew, to whichever node is up, when the last one is gone. */
class WritersLine {
  readonly #options: WriterOptions
  #socket: Socket | undefined

  constructor(options: WriterOptions) {
    this.#options = options
  }

  async send(draft: EventDraft): Promise<LoggedEvent> {
    const payload = { thread_id: this.#options.threadId, draft }
    const giveUpAt = performance.now() + stuckMs
    for (;;) {
      try {
        const { event } = await askOver<{ event: LoggedEvent }>(await this.#open(), 'message:send', payload)
        return event
      } catch (error) {
        if ((error instanceof Refused && error.isFinal) || performance.now() > giveUpAt) throw error
        await sleep(30)
      }
    }
  }

  close(): void {
    this.#socket?.disconnect()
  }

  async #open(): Promise<Socket> {
    if (this.#socket?.connected) return this.#socket
    const { nodes, random, name } = this.#options
    const url = nodes.any(random)
    if (!url) throw new Error('no node is up')
    this.#socket = await openLine(url, name, 'websocket')
    return this.#socket
  }
}
