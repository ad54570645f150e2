// Messages come over Discord's gateway. What is read stays in memory until it is stored; how far that is, the cursor says.

import type { Stop } from '@parley/kernel/ids'
import { GatewayDispatchEvents, type GatewayDispatchPayload } from 'discord-api-types/v10'
import type { PlatformMessage, PlatformSink } from '../port.js'
import { Connection } from './connection.js'
import type { Discord } from './discord.js'
import { Intake } from './intake.js'
import { chatOf, editedAt, isWritten, type MessageData, toPlatformMessage } from './receive.js'
import { Sessions } from './sessions.js'

/** How long after an event the cursor is kept, at most. */
const keepAfterMs = 5_000
const [firstPauseMs, longestPauseMs] = [1_000, 60_000]

export class Gateway {
  readonly #discord: Discord
  readonly #sink: PlatformSink
  readonly #sessions: Sessions
  readonly #intake: Intake
  readonly #end = new AbortController()
  #connection: Connection | undefined
  #isPaused = false
  #stopTimer: Stop | undefined
  #reopening: Promise<void> | undefined

  constructor(discord: Discord, sink: PlatformSink) {
    this.#discord = discord
    this.#sink = sink
    this.#sessions = new Sessions(discord.settings.gatewayUrl)
    const { clock, onFault } = discord
    this.#intake = new Intake({ clock, onFault, onDone: () => this.#stored() })
  }

  /** Rejects when it can't connect, and may be called again. */
  async start(): Promise<void> {
    this.#sessions.restore(await this.#sink.loadCursor())
    if (this.#end.signal.aborted) throw new Error('The bot was stopped.')
    await this.#open()
  }

  async stop(): Promise<void> {
    if (this.#end.signal.aborted) return
    this.#end.abort()
    await Promise.all([this.#connection?.close(), this.#intake.stop(), this.#reopening])
    if (this.#stopTimer) await this.#keep()
  }

  async #open(): Promise<void> {
    this.#connection = new Connection({
      discord: this.#discord,
      sessions: this.#sessions,
      onDispatch: (payload, shardId) => this.#heard(payload, shardId),
      onHealth: (health) => this.#sink.health(health),
    })
    await this.#connection.open()
  }

  // INVARIANT: the library calls this where an error would be heard by nobody.
  #heard(payload: GatewayDispatchPayload, shardId: number): void {
    if (this.#intake.isFull) this.#pause()
    if (this.#isPaused) return
    try {
      this.#take(payload, shardId)
    } catch (error) {
      this.#discord.onFault(error, 'discord: an event made no sense')
    }
    this.#sessions.taken(shardId, payload.s)
    this.#stopTimer ??= this.#discord.clock.after(keepAfterMs, () => {
      this.#keep().catch(() => {})
    })
  }

  #take(payload: GatewayDispatchPayload, shardId: number): void {
    const isMessage =
      payload.t === GatewayDispatchEvents.MessageCreate || payload.t === GatewayDispatchEvents.MessageUpdate
    if (!isMessage) {
      this.#discord.channels.heard(payload)
      return
    }
    const { d: data, t, s: sequence } = payload
    const edit = t === GatewayDispatchEvents.MessageUpdate ? editedAt(data) : undefined
    if (!data.author || !isWritten(data)) return
    if (t === GatewayDispatchEvents.MessageUpdate && edit === undefined) return
    this.#intake.push({ shardId, sequence, run: () => this.#store(data, edit) })
  }

  async #store(data: MessageData, edit?: string): Promise<void> {
    const chat = await chatOf(this.#discord, data)
    const message = this.#read(data, chat, edit)
    if (!message) return
    if (!message.author.isSelf) return await this.#sink.message(message)
    if (edit === undefined)
      await this.#sink.seen({ chatId: chat.id, scopeId: chat.scopeId }, message.messageId)
  }

  /** What makes no sense would make none the next time either. */
  #read(data: MessageData, chat: PlatformMessage['chat'], edit?: string): PlatformMessage | undefined {
    try {
      return toPlatformMessage(this.#discord, data, chat, edit)
    } catch (error) {
      this.#discord.onFault(error, 'discord: a message made no sense')
      return undefined
    }
  }

  /** Too much waits: Discord keeps the rest until what there is was stored. */
  #pause(): void {
    if (this.#isPaused) return
    this.#isPaused = true
    this.#sink.health({ state: 'limited', detail: 'messages come faster than they can be stored' })
    this.#connection?.close().catch(() => {})
  }

  #stored(): void {
    if (this.#isPaused && this.#intake.isEmpty) this.#reopening ??= this.#reopen()
  }

  async #reopen(): Promise<void> {
    let pauseMs = firstPauseMs
    while (!this.#end.signal.aborted) {
      try {
        await this.#connection?.close()
        this.#isPaused = false
        await this.#open()
        break
      } catch (error) {
        this.#discord.onFault(error, 'discord: the gateway did not open again')
      }
      await this.#discord.clock.sleep(pauseMs, this.#end.signal).catch(() => {})
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
    }
    this.#reopening = undefined
  }

  async #keep(): Promise<void> {
    this.#stopTimer?.()
    this.#stopTimer = undefined
    const cursor = this.#sessions.cursor((shardId) => this.#intake.firstOf(shardId))
    try {
      if (cursor !== undefined) await this.#sink.saveCursor(cursor)
    } catch (error) {
      this.#discord.onFault(error, 'discord: the cursor was not kept')
    }
  }
}
