import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Ground } from '@parley/kernel/ground'
import { eventually, type FakeClock, fakeClock, testGrounds } from '@parley/testkit'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import type { BotIdentity, OutboundResult } from '../protocol/index.js'
import { gatewayOf, key, type Node, startNode } from '../service/deliveries/deliveries.test.support.js'
import type { OpenBot, Outbound, VerifyToken } from '../service/deps.js'
import { type FakeBot, type FakeBotOptions, fakeBot } from '../service/fake-bot.test.support.js'
import type { RelayOptions } from '../service/options.js'
import type { InstanceKey } from '../store/port.js'
import { createRelaySockets, type RelaySockets } from './index.js'

export { key }
export const discord = { platform: 'discord', botId: 'b1' }
export const telegram = { platform: 'telegram', botId: 'b2' }

type Perform = Outbound['perform']

export type Door = {
  node: Node
  clock: FakeClock
  sockets: RelaySockets
  /** Of the server, with `/relay`. */
  url: string
  performed: Parameters<Perform>[1][]
  forgotten: number
  /** How often delivery to a socket has begun. */
  attached: number
  offered: { tenant: string; bot: BotIdentity; manifest: unknown }[]
  /** Opens a bot here; `tenants`: those that may use it, default all. */
  addBot(
    options: FakeBotOptions & { tenants?: readonly string[] | null; provisioned?: string[] },
  ): Promise<FakeBot>
  removeBot(identity: BotIdentity): void
  /** A gateway's socket; its token is the instance's name by default. */
  dial(options?: DialOptions): Promise<Peer>
}

export type DialOptions = { token?: string | undefined; path?: string; authorization?: string }
export type DoorOptions = {
  options?: RelayOptions
  verify?: VerifyToken
  perform?: (...asked: Parameters<Perform>) => Promise<OutboundResult>
  ground?: Ground
}

const [inMemory] = await testGrounds()

/** Tokens of the fake verification: `tenant/instanceId`. */
export const tokenOf = ({ tenant, instanceId }: InstanceKey): string => `${tenant}/${instanceId}`

const fakeVerify: VerifyToken = async (token) => {
  if (token === 'expired') return { outcome: 'expired' }
  const [, tenant, instanceId] = /^(org-\d+)\/(\w+)$/.exec(token ?? '') ?? []
  if (!tenant || !instanceId) return { outcome: 'unauthorized' }
  return { outcome: 'accepted', gateway: gatewayOf({ tenant, instanceId }) }
}

/** A server whose only door is the plane's sockets, with the instance `key` and a bot on `discord` and `telegram`. */
export async function openDoor(given: DoorOptions = {}): Promise<Door> {
  const clock = fakeClock()
  const ground = given.ground ?? (await openMemory(clock))
  const node = await startNode(ground, given.options)
  await node.addInstance(key)
  const bots = new Map<string, OpenBot>()
  const door = { performed: [], offered: [], forgotten: 0, attached: 0 } as Pick<
    Door,
    'performed' | 'offered' | 'forgotten' | 'attached'
  >
  const perform = given.perform ?? (async () => ({ success: true, message_id: 'm1' }))
  const { attach } = node.deliveries
  node.deliveries.attach = async (link) => {
    await attach(link)
    door.attached++
  }
  const sockets = createRelaySockets({
    deps: node.deps,
    verify: given.verify ?? fakeVerify,
    deliveries: node.deliveries,
    outbound: {
      perform: (link, asked) => {
        door.performed.push(asked)
        return perform(link, asked)
      },
      forget: () => void door.forgotten++,
    },
    bots: { get: ({ platform, botId }) => bots.get(`${platform} ${botId}`) },
    commands: { offer: (tenant, bot, manifest) => void door.offered.push({ tenant, bot, manifest }) },
  })
  const server = createServer()
  server.on('upgrade', (request, socket, head) => sockets.upgrade(request, socket, head))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // The cast: a server that listens on TCP has an AddressInfo.
  const base = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
  const peers: Peer[] = []
  onTestFinished(async () => {
    for (const peer of peers) peer.socket.terminate()
    await sockets.stop()
    await new Promise((resolve) => server.close(resolve))
  })

  const addBot: Door['addBot'] = async ({ tenants = null, provisioned = [key.tenant], ...options }) => {
    const bot = fakeBot(options)
    const { identity } = bot
    const row = {
      ...identity,
      driver: 'fake',
      label: 'Fake',
      username: null,
      settings: {},
      sealed: null,
      tenants,
      isEnabled: true,
      createdAt: 1,
    }
    const ops = [
      node.deps.store.bots.insert(row),
      ...provisioned.map((tenant) => node.deps.store.bots.provision(tenant, identity, 1)),
    ]
    await ground.log.commit({ ops, appends: [] })
    bots.set(`${identity.platform} ${identity.botId}`, { row, bot, health: () => ({ state: 'well' }) })
    return bot
  }
  await addBot(discord)
  await addBot(telegram)

  return Object.assign(door, {
    node,
    clock,
    sockets,
    addBot,
    url: `${base}/relay`,
    removeBot: ({ platform, botId }: BotIdentity) => void bots.delete(`${platform} ${botId}`),
    dial: async ({ path = '/relay', token = tokenOf(key), authorization }: DialOptions = {}) => {
      const header = authorization ?? `Bearer ${token}`
      const peer = new Peer(new WebSocket(`${base}${path}`, { headers: { authorization: header } }))
      peers.push(peer)
      await peer.opened
      return peer
    },
  })
}

async function openMemory(clock: FakeClock): Promise<Ground> {
  const { ground, close } = await inMemory!.open({ clock })
  onTestFinished(close)
  return ground
}

type Frame = { type: string } & Record<string, unknown>

/** A gateway at the other end of a real socket. It acknowledges nothing by itself. */
export class Peer {
  readonly socket: WebSocket
  /** Messages as they came. */
  readonly messages: string[] = []
  readonly opened: Promise<void>
  closed: { code: number; reason: string } | undefined

  constructor(socket: WebSocket) {
    this.socket = socket
    this.opened = new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    socket.on('error', () => {})
    socket.on('message', (data: Buffer) => this.messages.push(data.toString()))
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() }
    })
  }

  get frames(): Frame[] {
    // The cast: what the plane sends are frames.
    return this.messages.map((message) => JSON.parse(message) as Frame)
  }

  of(type: string): Frame[] {
    return this.frames.filter((frame) => frame.type === type)
  }

  send(...frames: object[]): void {
    for (const frame of frames) this.sendText(`${JSON.stringify(frame)}\n`)
  }

  sendText(text: string): void {
    this.socket.send(text)
  }

  hello(identity: BotIdentity, more: object = {}): void {
    this.send({ type: 'hello', ...identity, ...more })
  }

  /** Waits for so many frames of a type. */
  async got(type: string, count = 1): Promise<Frame[]> {
    await eventually(() => this.of(type).length >= count)
    return this.of(type)
  }

  async closedWith(): Promise<{ code: number; reason: string }> {
    return await eventually(() => this.closed)
  }

  /** Resolves when everything sent so far was read: control frames stay in order with the rest. */
  async heard(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.socket.once('pong', () => resolve())
      this.socket.ping()
    })
  }
}

/** A gateway that was given `discord`, and to which the node delivers. */
export async function greeted(door: Door, options: DialOptions = {}): Promise<Peer> {
  const before = door.attached
  const peer = await door.dial(options)
  peer.hello(discord)
  await peer.got('descriptor')
  await eventually(() => door.attached > before)
  return peer
}

/** A frame that asks for something. */
export const outbound = (requestId: unknown, more: object = {}) => ({
  type: 'outbound',
  requestId,
  action: { op: 'send', chat_id: 'C1', content: 'hi' },
  ...more,
})
