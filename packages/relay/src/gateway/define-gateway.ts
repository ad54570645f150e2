// An agent behind chat platforms, in as few lines as it takes.

import { type Clock, type Ids, systemClock, systemIds } from '@parley/kernel/ids'
import {
  buildSessionKey,
  limits,
  type MessageEvent,
  type PromptResponse,
  type SessionKeyOptions,
} from '../protocol/index.js'
import { createAsks } from './agent/asks.js'
import { type Chat, createChat } from './agent/chat.js'
import { createFailures } from './agent/failures.js'
import { createSessions } from './agent/sessions.js'
import { createGateway, type EventOrigin } from './gateway.js'
import type { MediaClient } from './media-client.js'
import type { Delivery, RelayTransport } from './transport.js'
import { upTo } from './up-to.js'
import { type WebSocketTransportOptions, webSocketTransport } from './web-socket-transport.js'

export type AgentOptions = {
  /**
   * One message, in the chat it came from. Those of one session come one after another, those of different ones at the same
   * time. When it rejects, the message is not acked and comes again with the next connection, at most three times in all.
   */
  onMessage(message: MessageEvent, chat: Chat): Promise<void> | void
  /** A turn was interrupted; its `chat.signal` has aborted already. */
  onInterrupt?(sessionKey: string, chatId: string): Promise<void> | void
  /** A press on a question of this process that nobody waits for any more. True: it is dealt with, nobody is told that it is late. */
  onPrompt?(press: PromptResponse, chat: Chat): Promise<boolean> | boolean
  /** How sessions are told apart. */
  sessions?: SessionKeyOptions
  /**
   * A message is acked when its turn is over, at the latest after this (default 30,000): a connector waits 60 s, then holds
   * back everything. A turn that was acked early is not repeated when this process ends in the middle of it.
   */
  ackAfterMs?: number
  /** Default: warnings on the console. Never holds a secret. */
  report?: (message: string) => void
  clock?: Clock
  ids?: Ids
}

export type DefineGatewayOptions = AgentOptions &
  (
    | {
        /** With `media` where files go through the connector, as `webSocketTransport` has it. */
        transport: RelayTransport & { readonly media?: MediaClient }
      }
    | WebSocketTransportOptions
  )

export interface DefinedGateway {
  readonly transport: RelayTransport
  /** Connects. True when the descriptor has come; false: the transport goes on trying. */
  start(): Promise<boolean>
  /** Has the connector buffer, waits `graceMs` (default 5,000) for turns, aborts the rest, disconnects. */
  stop(options?: { graceMs?: number }): Promise<void>
}

const noLongerWaiting = 'This question is no longer waiting for an answer.'

/**
 * An agent behind whatever the connector fronts: `start` connects, `onMessage` is the agent. Throws for an address that can't be
 * dialled.
 *
 * @example
 * const settings = gatewayFromEnv(process.env)
 * const gateway = defineGateway({
 *   transport: await connectRelay(settings),
 *   onMessage: async ({ text }, chat) => {
 *     await chat.typing()
 *     const answer = await chat.ask({ text: `Run ${text}?`, options: ['yes', 'no'] })
 *     await chat.reply(answer?.id === 'c0' ? await run(text, chat.signal) : 'Not done.')
 *   },
 * })
 * await gateway.start()
 */
export function defineGateway(options: DefineGatewayOptions): DefinedGateway {
  const { clock = systemClock, ids = systemIds, ackAfterMs = 30_000 } = options
  const report = options.report ?? ((message: string) => console.warn(`relay: ${message}`))
  const transport = transportOf(options, report)
  const asks = createAsks({ clock, ids })
  const sessions = createSessions()
  const failures = createFailures(report)
  const idleSignal = new AbortController().signal

  const keyOf = (event: MessageEvent) => buildSessionKey(event.source, options.sessions)
  const chatOf = (event: MessageEvent, origin: EventOrigin, signal: AbortSignal): Chat =>
    createChat({
      event,
      origin,
      sessionKey: keyOf(event),
      signal,
      transport,
      media: transport.media,
      asks,
      report,
    })

  const turn = (event: MessageEvent, origin: EventOrigin) =>
    sessions.run(keyOf(event), async (signal) => options.onMessage(event, chatOf(event, origin, signal)))

  const onMessage = async (event: MessageEvent, delivery: Delivery, origin: EventOrigin) => {
    // Sessions keep the order; a press must come past the turn that waits for it.
    delivery.release?.()
    if (event.prompt_response) return pressed(event, event.prompt_response, origin)
    const done = failures.watch(event, turn(event, origin))
    // A capability does not live long: what was passed on is acked when it has been handed over.
    if (origin === 'message') await upTo(clock, ackAfterMs, done)
  }

  /** Never waits for the platform: the connection's reader may be what brings the answer. */
  async function pressed(event: MessageEvent, press: PromptResponse, origin: EventOrigin): Promise<void> {
    if (asks.press(press, event.source.user_id) === 'unknown')
      void late(press, chatOf(event, origin, idleSignal)).catch((error: unknown) =>
        report(`a late press could not be answered: ${String(error)}`),
      )
  }
  async function late(press: PromptResponse, chat: Chat): Promise<void> {
    if (!(await options.onPrompt?.(press, chat))) await chat.send(noLongerWaiting)
  }

  const gateway = createGateway({
    transport,
    report,
    onMessage,
    onInterrupt: async (sessionKey, chatId) => {
      sessions.interrupt(sessionKey)
      await options.onInterrupt?.(sessionKey, chatId)
    },
  })
  return {
    transport,
    start: () => gateway.connect(),
    stop: async ({ graceMs = 5_000 } = {}) => {
      await transport.goIdle?.({ withinMs: limits.idleAckAtShutdownMs })
      await upTo(clock, graceMs, sessions.none())
      sessions.abortAll('the gateway stops')
      await gateway.disconnect({ graceMs })
    },
  }
}

function transportOf(
  options: DefineGatewayOptions,
  report: (message: string) => void,
): RelayTransport & { readonly media?: MediaClient } {
  return 'transport' in options ? options.transport : webSocketTransport({ ...options, report })
}
