import { type Clock, type Ids, systemClock, systemIds } from '@parley/kernel/ids'
import type { JsonObject } from '@parley/kernel/wire'
import { type BotIdentity, chatInfoOf, dialUrl, type FollowUpAction, frameText } from '../protocol/index.js'
import { createDeliveries } from './deliveries.js'
import { createHandshake } from './handshake.js'
import { createIdle } from './idle.js'
import { createBackOff } from './link/back-off.js'
import { createDialler, type DialEvents } from './link/dialler.js'
import { type Hello, type Link, openLink } from './link/link.js'
import type { Dial } from './link/socket.js'
import { type WebSocketConstructor, wsDial } from './link/ws-dial.js'
import { createMediaClient, type MediaClient } from './media-client.js'
import { type GatewayCredential, mintToken } from './mint.js'
import { createOutgoing } from './outgoing.js'
import { createStates } from './states.js'
import { createTargets } from './targets.js'
import type { RelayTransport, TransportState } from './transport.js'

export type WebSocketTransportOptions = GatewayCredential & {
  /** The connector, for example `https://relay.example`; any form of contract 2.1. */
  url: string
  /** The bots this gateway fronts, the default one first. Default: none, and the connector knows the only one. */
  identities?: readonly BotIdentity[]
  /** Commands for Discord, in the shape of its application commands. */
  commandManifest?: readonly unknown[]
  /** Told what an operator may want to read. Never holds a secret. Default: nobody. */
  report?: (message: string) => void
  /** Default: the one of `ws`. */
  WebSocket?: WebSocketConstructor
  fetch?: typeof fetch
  clock?: Clock
  ids?: Ids
  /** Replaces the dial: for transports over something else. */
  dial?: Dial
}

/** A transport that dials a connector, and dials again when the connection is lost. */
export type WebSocketTransport = Required<RelayTransport> & {
  /** Files, with this gateway's credential. */
  readonly media: MediaClient
  readonly state: TransportState
  /** Keeps from dialling for at most 60 s, while somebody suspends this machine (contract 7.5). */
  holdRedial(ms: number): void
}

const graceMs = 5_000

/** Throws for an address that can't be dialled. Nothing is dialled before `connect`. */
export function webSocketTransport(options: WebSocketTransportOptions): WebSocketTransport {
  const { clock = systemClock, ids = systemIds, report = () => {}, identities = [] } = options
  const url = checkedUrl(options.url)
  const dial =
    options.dial ?? wsDial({ url, token: () => mintToken(options, clock), WebSocket: options.WebSocket })
  const targets = createTargets(identities)
  const handshake = createHandshake()
  const states = createStates(report)
  let link: Link | undefined
  let closing: Promise<void> | undefined

  const connected = () => (states.now.state === 'connected' ? link : undefined)
  const sendFrame = (frame: JsonObject): boolean => {
    const open = connected()
    open?.send(frameText(frame))
    return open !== undefined
  }
  const idle = createIdle({ clock, ask: () => sendFrame({ type: 'going_idle' }) })
  const outgoing = createOutgoing({ clock, ids, targets, link: connected })
  const deliveries = createDeliveries({
    ack: (bufferId) => sendFrame({ type: 'inbound_ack', bufferId }),
    platforms: () => [...identities.map(({ platform }) => platform), ...handshake.descriptors.keys()],
    noticed: targets.noticed,
    report,
  })
  // A type that nobody knows is ignored.
  const frames = new Map<unknown, (frame: JsonObject) => void>([
    ['inbound', deliveries.takeInbound],
    ['passthrough_forward', deliveries.takePassthrough],
    ['interrupt_inbound', deliveries.takeInterrupt],
    ['going_idle_ack', idle.acked],
    ['outbound_result', outgoing.takeResult],
  ])

  const open = (events: DialEvents): Link => {
    handshake.begin()
    link = openLink({
      dial,
      clock,
      report,
      hellos: hellosOf(identities, options.commandManifest),
      opened: () => {
        handshake.opened()
        events.opened()
      },
      descriptor: (descriptor) => {
        handshake.take(descriptor)
        if (!connected()) events.ready()
      },
      frame: (frame) => frames.get(frame.type)?.(frame),
      closed: (code, reason) => {
        link = undefined
        handshake.lost()
        idle.lost()
        outgoing.lost()
        events.closed(code, reason)
      },
    })
    return link
  }
  const dialler = createDialler({
    clock,
    backOff: createBackOff(() => Number.parseInt(ids.hex(4), 16) / 0xffffffff),
    onState: states.move,
    report,
    open,
  })
  const close = async (grace: number): Promise<void> => {
    await outgoing.close(grace)
    await dialler.stop()
  }

  return {
    media: createMediaClient({ ...options, clock }),
    get state() {
      return states.now
    },
    connect: dialler.connect,
    disconnect: (given) => {
      closing ??= close(given?.graceMs ?? graceMs)
      return closing
    },
    handshake: handshake.wait,
    setInboundHandler: (handler) => {
      deliveries.inbound = handler
    },
    setPassthroughHandler: (handler) => {
      deliveries.passthrough = handler
    },
    setInterruptHandler: (handler) => {
      deliveries.interrupt = handler
    },
    sendOutbound: outgoing.send,
    getChatInfo: async (chatId) =>
      chatInfoOf(await outgoing.send({ op: 'get_chat_info', chat_id: chatId }), chatId),
    sendInterrupt: async (sessionKey, reason) => {
      sendFrame({ type: 'interrupt', session_key: sessionKey, reason: reason ?? null })
    },
    sendFollowUp: async (action) => outgoing.send(checkedFollowUp(action)),
    goIdle: (given) => idle.go(given?.withinMs),
    goDormant: async () => {
      if (!(await idle.go())) return false
      dialler.rest()
      return true
    },
    holdRedial: dialler.hold,
    descriptors: () => handshake.descriptors,
    onState: states.listen,
  }
}

function checkedUrl(base: string): string {
  const url = dialUrl(base)
  if (!/^wss?:\/\//i.test(url) || !URL.canParse(url))
    throw new Error('the address of a connector begins with https:// or wss://')
  return url
}

function hellosOf(identities: readonly BotIdentity[], manifest: readonly unknown[] | undefined): Hello[] {
  if (identities.length === 0) return [{ type: 'hello', platform: 'relay', botId: '' }]
  return identities.map(({ platform, botId }) => ({
    type: 'hello',
    platform,
    botId,
    ...(manifest && platform === 'discord' && { command_manifest: manifest }),
  }))
}

/** Exactly the five members: nothing else may cross (contract 6.4). */
function checkedFollowUp(action: FollowUpAction): FollowUpAction {
  const names = [...Object.keys(action), ...Object.keys(action.metadata ?? {})]
  const secret = names.find((name) => /token|secret|authorization/i.test(name))
  if (secret) throw new Error(`a follow_up never carries a credential: ${secret}`)
  const { session_key, kind, content, metadata = {} } = action
  return { op: 'follow_up', session_key, kind, content, metadata }
}
