// The fake's gateway: https://docs.discord.com/developers/events/gateway

import type { WebSocket } from 'ws'
import type { FakeWorld } from './fake-world.test.support.js'

type Event = { op: 0; t: string; s: number; d: unknown }
type Session = { id: string; events: Event[]; sequence: number }
type Command = {
  op: number
  d: { token?: string; session_id?: string; seq?: number; intents?: number } | null
}

export class FakeGateway {
  readonly #world: FakeWorld
  readonly url: string
  readonly #sessions = new Map<string, Session>()
  readonly #sockets = new Map<WebSocket, Session | undefined>()
  identifies = 0
  resumes = 0
  intents = 0
  heartbeats = 0
  /** The last code that a client closed with. */
  closedWith: number | undefined
  /** Whoever identifies is refused with this code. */
  refuseWith: number | undefined

  constructor(world: FakeWorld, url: string) {
    this.#world = world
    this.url = url
  }

  get connections(): number {
    return [...this.#sockets.values()].filter(Boolean).length
  }

  connected(socket: WebSocket): void {
    this.#sockets.set(socket, undefined)
    socket.on('close', (code) => {
      this.closedWith = code
      const session = this.#sockets.get(socket)
      this.#sockets.delete(socket)
      // A client that says good-bye is not waited for.
      if (session && (code === 1000 || code === 1001)) this.#sessions.delete(session.id)
    })
    socket.on('message', (data) => this.#heard(socket, JSON.parse(String(data)) as Command))
    send(socket, { op: 10, d: { heartbeat_interval: 41_250 } })
  }

  /** Sends an event to whoever is connected, and keeps it for whoever resumes. */
  dispatch(t: string, d: unknown): void {
    for (const session of this.#sessions.values()) {
      session.sequence += 1
      const event: Event = { op: 0, t, s: session.sequence, d }
      session.events.push(event)
      for (const [socket, one] of this.#sockets) if (one === session) send(socket, event)
    }
  }

  /** Breaks every connection. The sessions stay. */
  drop(code = 4000): void {
    for (const socket of this.#sockets.keys()) socket.close(code)
  }

  forgetSessions(): void {
    this.#sessions.clear()
  }

  close(): void {
    for (const socket of this.#sockets.keys()) socket.terminate()
  }

  #heard(socket: WebSocket, { op, d }: Command): void {
    if (op === 1) {
      this.heartbeats += 1
      send(socket, { op: 11 })
    } else if (op !== 2 && op !== 6) socket.close(4001)
    else if (d?.token !== this.#world.token) socket.close(4004)
    else if (this.refuseWith !== undefined) socket.close(this.refuseWith)
    else if (op === 2) this.#identified(socket, d.intents ?? 0)
    else this.#resumed(socket, d.session_id ?? '', d.seq ?? 0)
  }

  #identified(socket: WebSocket, intents: number): void {
    this.identifies += 1
    this.intents = intents
    const session: Session = { id: `session-${this.identifies}`, events: [], sequence: 0 }
    this.#sessions.set(session.id, session)
    this.#sockets.set(socket, session)
    const { bot, guild, channels } = this.#world
    const ready = { v: 10, user: bot, guilds: [], session_id: session.id, resume_gateway_url: this.url }
    const inGuild = [...channels.values()].filter(({ guild_id }) => guild_id === guild.id)
    // The guild's channels come without the guild's id.
    const bare = inGuild.map((channel) => ({ ...channel, guild_id: undefined }))
    const isThread = ({ type }: { type: number }) => type >= 10 && type <= 12
    const d = { ...guild, channels: bare.filter((one) => !isThread(one)), threads: bare.filter(isThread) }
    for (const [t, data] of [
      ['READY', ready],
      ['GUILD_CREATE', d],
    ] as const) {
      session.sequence += 1
      const event: Event = { op: 0, t, s: session.sequence, d: data }
      session.events.push(event)
      send(socket, event)
    }
  }

  #resumed(socket: WebSocket, id: string, seq: number): void {
    const session = this.#sessions.get(id)
    if (!session) {
      send(socket, { op: 9, d: false })
      return
    }
    this.resumes += 1
    this.#sockets.set(socket, session)
    for (const event of session.events) if (event.s > seq) send(socket, event)
    session.sequence += 1
    send(socket, { op: 0, t: 'RESUMED', s: session.sequence, d: {} })
  }
}

const send = (socket: WebSocket, payload: unknown): void => socket.send(JSON.stringify(payload))
