import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Peer, type Said, startPeer } from './peer.test.support.js'

export type Bot = { platform: string; botId: string }
/** Where a person who is linked to an agent writes. */
export type Chat = Bot & { chat_id: string; chat_type: string; scope_id: string | null; user_id: string }
/** A gateway that the fixture has made, and the chats of the person who is linked to its agent. */
export type Cast = { gatewayId: string; secret: string; instanceId: string; tenant: string; chats: Chat[] }
/** A message as the simulated platform shows it; `userId` null: the bot's own. */
export type Shown = {
  id: string
  userId: string | null
  text: string
  isEdited: boolean
  replyTo: string | null
  options: { id: string; label: string; token: string }[]
  media: Record<string, unknown>[]
  reactions: { emoji: string; by: string }[]
}
export type Result = { success: boolean; message_id?: string; error?: string } & Record<string, unknown>
export type Event = { text: string; message_id: string; source: Record<string, unknown> } & Record<
  string,
  unknown
>
export type Inbound = Said & { message: Event; bufferId?: string; key: string; connection: number }
export type Frame = Said & { frame: { type: string } & Record<string, unknown>; connection: number }
export type Closed = Said & { code: number; reason: string; connection: number; had_descriptor: boolean }

const program = fileURLToPath(new URL('../../../../packages/server/dist/fixture/main.js', import.meta.url))

/** The relay's conformance server, and gateways that were written without it in sight. */
export interface Stage {
  readonly url: string
  readonly bots: Bot[]
  readonly callers: { tenant: string; token: string }[]
  /** Calls a door of the fixture: `inject`, `press`, `interact`, `revoke`, `enrolment-token`. */
  call<Answer = unknown>(door: string, body: object): Promise<Answer>
  /** A new gateway with a new person; the default tenant is the first. */
  enroll(tenant?: string): Promise<Cast>
  /** Has the person of a chat write. */
  say(chat: Chat, text: string, messageId?: string): Promise<void>
  shown(chat: Chat): Promise<Shown[]>
  /** A gateway's process, not started. */
  gateway(): Promise<Peer>
  /** A gateway that is connected. */
  connected(cast: Cast, options?: object): Promise<Peer>
  stop(): Promise<void>
}

export async function openStage(): Promise<Stage> {
  const child = spawn(process.execPath, [program, 'relay', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ready = await readyLine(createInterface({ input: child.stdout }), child)
  const peers: Peer[] = []
  const call: Stage['call'] = async <Answer>(door: string, body: object) => {
    const response = await fetch(`${ready.url}/_fixture/${door}`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${door}: ${response.status} ${await response.text()}`)
    // The cast: the caller names what the door answers.
    return (await response.json()) as Answer
  }
  const gateway = async () => {
    const peer = await startPeer('gateway')
    peers.push(peer)
    return peer
  }
  return {
    url: ready.url,
    bots: ready.identities,
    callers: ready.callers,
    call,
    enroll: (tenant) => call<Cast>('enroll', tenant === undefined ? {} : { tenant }),
    say: async (chat, text, messageId) => {
      await call('inject', { ...chat, text, message_id: messageId })
    },
    shown: async ({ platform, botId, chat_id }) => {
      const query = new URLSearchParams({ platform, botId, chat_id })
      const response = await fetch(`${ready.url}/_fixture/messages?${query}`)
      return ((await response.json()) as { messages: Shown[] }).messages
    },
    gateway,
    connected: async (cast, options = {}) => {
      const peer = await gateway()
      await peer.ask('start', startOf(ready, cast, options))
      await peer.heard('connected')
      return peer
    },
    stop: async () => {
      await Promise.all(peers.map((peer) => peer.stop()))
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** The options of a gateway with all bots; pauses are short, so that a test need not wait for them. */
export const startOf = (
  { url, identities }: { url: string; identities: Bot[] },
  { gatewayId, secret }: Pick<Cast, 'gatewayId' | 'secret'>,
  options: object = {},
): Record<string, unknown> => ({ url, identities, gatewayId, secret, firstPauseS: 0.05, ...options })

export const chatOf = (cast: Cast, platform: string, type: string): Chat =>
  cast.chats.find((chat) => chat.platform === platform && chat.chat_type === type)!

/** A group that only this person has seen, so that no other test uses up what may be written there. */
export function groupOf(cast: Cast, platform: string, chat_type: 'group' | 'forum' = 'group'): Chat {
  const chat = chatOf(cast, platform, 'group')
  const number = Number.parseInt(cast.gatewayId.slice(-8), 16)
  return { ...chat, chat_type, chat_id: `${chat.chat_id}${number}` }
}

type Ready = { url: string; identities: Bot[]; callers: { tenant: string; token: string }[] }

function readyLine(
  lines: ReturnType<typeof createInterface>,
  child: ReturnType<typeof spawn>,
): Promise<Ready> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the fixture ended with ${code} before it was ready`)))
    lines.on('line', (line) => line.startsWith('{"ready":true') && resolve(JSON.parse(line) as Ready))
  })
}
