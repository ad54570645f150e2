import { systemClock } from '@parley/kernel/ids'
import {
  type WebSocketTransport,
  type WebSocketTransportOptions,
  webSocketTransport,
} from '@parley/relay/gateway'
import { eventually, type FakeClock, fakeClock } from '@parley/testkit'
import { type Peer, type Said, startPeer } from './peer.test.support.js'

export type Dial = Said & { connection: number; authorization: string; gatewayId: string; verdict: string }
export type Frame = Said & { connection: number; frame: { type: string } & Record<string, unknown> }
export type Ended = Said & { connection: number; code: number; reason: string }
export type Http = Said & { method: string; path: string; headers: Record<string, string>; body: string }

export const discord = { platform: 'discord', botId: '1180000000000000001' }
export const telegram = { platform: 'telegram', botId: '7000000001' }
export const credential = { gatewayId: 'team:gw-é', secret: '0f'.repeat(32) }

export const descriptor = {
  contract_version: 1,
  platform: 'discord',
  label: 'Discord',
  max_message_length: 2000,
  supports_draft_streaming: false,
  supports_edit: true,
  supports_threads: true,
  markdown_dialect: 'discord',
  len_unit: 'chars',
  supported_ops: ['send', 'edit', 'typing', 'follow_up', 'get_chat_info', 'send_media', 'prompt', 'react'],
}
const descriptors = {
  discord: descriptor,
  telegram: {
    ...descriptor,
    platform: 'telegram',
    label: 'Telegram',
    max_message_length: 4096,
    len_unit: 'utf16',
  },
}

/** A connector that was written without our client in sight, and the client that dials it. */
export interface Connection {
  connector: Peer
  url: string
  transport: WebSocketTransport
  /** Of the client; stands still unless told to move. */
  clock: FakeClock
  /** Frames of the client, by type, that have arrived. */
  frames(type: string): Promise<Frame['frame'][]>
  /** The first one that fits, waiting for it. */
  frame(type: string, fits?: (frame: Frame['frame']) => boolean): Promise<Frame['frame']>
  send(frame: object, connection?: number): Promise<unknown>
  stop(): Promise<void>
}

/** Starts a connector; nothing is dialled yet. */
export async function openConnection(options: Partial<WebSocketTransportOptions> = {}): Promise<Connection> {
  const connector = await startPeer('connector')
  const { url } = await connector.heard<Said & { url: string }>('ready')
  await connector.ask('rule', { secrets: { [credential.gatewayId]: [credential.secret] }, descriptors })
  const clock = fakeClock({ start: systemClock.now() })
  const transport = webSocketTransport({
    url,
    ...credential,
    identities: [discord, telegram],
    clock,
    ...options,
  })
  const frames: Connection['frames'] = async (type) =>
    (await connector.all<Frame>('frame')).map(({ frame }) => frame).filter((frame) => frame.type === type)
  return {
    connector,
    url,
    transport,
    clock,
    frames,
    frame: async (type, fits = () => true) => {
      const found = await connector.heard<Frame>('frame', ({ frame }) => frame.type === type && fits(frame))
      return found.frame
    },
    send: (frame, connection = 1) => connector.ask('send', { connection, frame }),
    stop: async () => {
      // Its last words are not waited for: a clock that stands still would keep them for ever.
      await transport.disconnect({ graceMs: 0 })
      await connector.stop()
    },
  }
}

/** The same, dialled and shaken hands with. */
export async function openConnected(options: Partial<WebSocketTransportOptions> = {}): Promise<Connection> {
  const connection = await openConnection(options)
  await connection.transport.connect()
  await connection.transport.handshake()
  return connection
}

/** Moves the client's time in steps until the condition holds: for what answers over a real socket. */
export const inTime = ({ clock }: Connection, isSo: () => boolean): Promise<true> =>
  eventually(async () => {
    await clock.advance(500)
    return isSo() as true
  })

/** A message as a connector delivers it. */
export const inbound = (
  text: string,
  about: { chat_id?: string; bufferId?: string; message_id?: string } = {},
) => {
  const { chat_id = 'C1', bufferId, message_id = `m-${text}` } = about
  const source = {
    platform: 'discord',
    chat_id,
    chat_type: 'group',
    chat_name: 'ops',
    user_id: 'U1',
    user_name: 'mira',
    thread_id: null,
    chat_topic: null,
    scope_id: 'G1',
    guild_id: 'G1',
  }
  return {
    type: 'inbound',
    event: { text, message_type: 'text', message_id, source },
    ...(bufferId && { bufferId }),
  }
}
