// The channel protocol of sections 3.2 and 14.8.
import type { Principal } from '@parley/kernel/principal'
import type { Connection } from '@parley/kernel/socket'
import type { WireEvent, WsChannelControlMessage } from '../protocol/index.js'
import { channelsOfEvent, tagOfEvent, WsChannelControlMessageSchema } from '../protocol/index.js'
import { eventFrame } from '../protocol/ws/frames.js'
import { type Commands, createCommands, steer, type Target } from './commands.js'
import type { SocketDeps } from './deps.js'
import { errorText, isNoSession } from './errors.js'
import { readInOrder } from './mailbox.js'
import { readMessage } from './message.js'
import { Subscriptions } from './subscriptions.js'
import { terminalCommand } from './terminal-commands.js'

const actions: ReadonlySet<string> = new Set(
  WsChannelControlMessageSchema.options.map((option) => actionOf(option)),
)

/** One connection that speaks channels. */
export class ChannelSocket {
  readonly subscriptions: Subscriptions
  readonly #deps: SocketDeps
  readonly #connection: Connection
  readonly #by: Principal
  readonly #instance: string
  readonly #commands: Commands

  /** `instance`: whose terminals the channels `terminals` carry. */
  constructor(deps: SocketDeps, connection: Connection, who: { by: Principal; instance: string }) {
    this.#deps = deps
    this.#connection = connection
    this.#by = who.by
    this.#instance = who.instance
    this.#commands = createCommands({ service: deps.service, now: () => deps.ground.clock.now() })
    this.subscriptions = new Subscriptions(deps, connection, who)
  }

  start(): void {
    this.#send({ type: 'connected', connectionId: this.#connection.id })
    readInOrder(this.#connection, (text) => this.#receive(text), this.#deps.fault)
  }

  async #receive(text: string): Promise<void> {
    try {
      await this.#run(readMessage(text, WsChannelControlMessageSchema, actions))
    } catch (error) {
      this.#send({ type: 'error', message: errorText(error, this.#deps.fault) })
    }
  }

  async #run(message: WsChannelControlMessage): Promise<void> {
    switch (message.action) {
      case 'subscribe':
        return this.subscriptions.subscribe(message.channel, toSince(message.since))
      case 'unsubscribe':
        return this.subscriptions.unsubscribe(message.channel)
      case 'ping':
        return this.#send({ type: 'pong' })
      case 'terminal.create':
      case 'terminal.input':
      case 'terminal.resize':
      case 'terminal.kill':
        return terminalCommand(
          { service: this.#deps.service, by: this.#by, instance: this.#instance },
          message,
        )
      default:
        return this.#runInSession(message)
    }
  }

  async #runInSession(message: SessionMessage): Promise<void> {
    const target = { by: this.#by, sessionId: message.sessionId }
    try {
      await this.#command(target, message)
    } catch (error) {
      if (!isNoSession(error)) throw error
      const name = message.action === 'permission.respond' ? 'Session' : `Session "${target.sessionId}"`
      this.#send({ type: 'error', message: `${name} not found` })
    }
  }

  async #command(target: Target, message: SessionMessage): Promise<void> {
    const commands = this.#commands
    switch (message.action) {
      case 'prompt':
        // What comes of it are events; a queued prompt has no direct answer here.
        await commands.prompt(target, message.text)
        return
      case 'fs.snapshot':
        return this.#answer(target, await commands.snapshot(target, message.path))
      case 'file.preview':
        return this.#answer(target, await commands.preview(target, message.path))
      default:
        return steer(commands, target, message)
    }
  }

  /** An event for this connection alone. */
  #answer({ sessionId }: Target, event: WireEvent): void {
    const channels = channelsOfEvent(sessionId, event)
    const tag = tagOfEvent(channels, this.subscriptions.channels) ?? channels[0]!
    this.#connection.send(eventFrame(tag, sessionId, 0, JSON.stringify(event)))
  }

  #send(message: object): void {
    this.#connection.send(JSON.stringify(message))
  }
}

type SessionMessage = Extract<WsChannelControlMessage, { sessionId: string }> &
  Exclude<WsChannelControlMessage, { action: 'terminal.create' }>

/** A cursor that makes no sense counts as none. */
const toSince = (since: number | undefined): number =>
  since !== undefined && since > 0 ? Math.min(Math.floor(since), Number.MAX_SAFE_INTEGER) : 0

type Option = (typeof WsChannelControlMessageSchema)['options'][number]

function actionOf(option: Option): string {
  const object = 'shape' in option ? option : option.in
  return object.shape.action.value
}
