// Followers that come back with their cursor when their server is killed. They drop nothing: whatever is sent twice is seen.
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import type { LoggedEvent, Seen } from './evidence.js'
import type { ServerPlace } from './server.js'

type Frame = { type: string; seq?: number; event?: LoggedEvent }

const againMs = 20

/** One who follows a session until it is told to stop. */
export class Follower {
  readonly name: string
  readonly seen: Seen[] = []
  /** How often it came to a server. */
  visits = 0
  readonly #ending = new AbortController()
  readonly #over: Promise<void>

  constructor(name: string, visit: Visit) {
    this.name = name
    this.#over = this.#follow(visit)
  }

  get cursor(): number {
    return this.seen.at(-1)?.seq ?? 0
  }

  /** How many events it has seen that are so. */
  count(isWanted: (event: LoggedEvent) => boolean): number {
    return this.seen.filter(({ event }) => isWanted(event)).length
  }

  async stop(): Promise<void> {
    this.#ending.abort()
    await this.#over
  }

  async #follow(visit: Visit): Promise<void> {
    const { signal } = this.#ending
    while (!signal.aborted) {
      const take = (frame: Frame) => this.#take(frame)
      await visit({ since: this.cursor, signal, take, arrived: () => this.visits++ }).catch(() => undefined)
      await sleep(againMs)
    }
  }

  #take({ type, seq, event }: Frame): void {
    // Ephemeral ones have the number 0.
    if (type === 'event' && seq && event) this.seen.push({ seq, event })
  }
}

type Visit = (call: {
  since: number
  signal: AbortSignal
  take(frame: Frame): void
  arrived(): void
}) => Promise<void>

/** By the event stream. */
export const overEvents = (server: ServerPlace, id: string): Follower =>
  new Follower('event stream', async ({ since, signal, take, arrived }) => {
    if (!server.url) return
    const headers = { 'last-event-id': String(since) }
    const answer = await fetch(`${server.url}/api/agents/${id}/stream`, { headers, signal })
    if (!answer.ok || !answer.body) return
    arrived()
    let text = ''
    for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
      const blocks = (text + piece).split('\n\n')
      text = blocks.pop()!
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1]
        // The cast: a frame of the contract.
        if (data !== undefined) take(JSON.parse(data) as Frame)
      }
    }
  })

/** By the channel socket. */
export const overSocket = (server: ServerPlace, id: string): Follower =>
  new Follower('channel socket', async ({ since, signal, take, arrived }) => {
    if (!server.url) return
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`)
    const leave = () => socket.terminate()
    signal.addEventListener('abort', leave, { once: true })
    socket.on('error', leave)
    socket.on('message', (data) => {
      // The cast: a frame of the contract.
      const frame = JSON.parse(String(data)) as Frame
      if (frame.type === 'connected')
        socket.send(JSON.stringify({ action: 'subscribe', channel: `session:${id}`, since }))
      else take(frame)
    })
    await new Promise<void>((resolve) => socket.on('close', () => resolve()))
    arrived()
    signal.removeEventListener('abort', leave)
  })
