// A whole relay plane on a free port: a ground of its own, simulated bots, a clock that stands still.
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Ground } from '@parley/kernel/ground'
import {
  type BotIdentity,
  createRelay,
  type Relay,
  type RelayOperator,
  type RelayOptions,
  type RelayService,
  type SimControls,
  staticCallers,
} from '@parley/relay'
import { eventually, type FakeClock, fakeClock, type OpenedTestGround, testGrounds } from '@parley/testkit'
import { onTestFinished } from 'vitest'
import { dial, type Frame, type Peer, type Target } from './peer.js'
import { mintToken } from './token.js'

export type Identity = { platform: string; botId: string }
export const discord = { platform: 'discord', botId: '1180000000000000001' }
export const telegram = { platform: 'telegram', botId: '7000000001' }

/** SQLite in memory, and Postgres where there is one. */
export const bothGrounds = (await testGrounds()).filter(({ name }) => name !== 'SQLite file')
export type TestGround = (typeof bothGrounds)[number]

/** Shorter than the time between two renewals of a lease. */
const leaseStepMs = 3_000

/** Seals what the planes of one database keep. */
const key = '5a'.repeat(32)

export type Gateway = { gatewayId: string; secret: string; tenant: string; instanceId: string }

export type Answer = {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers as gateways do.
  body: any
  text: string
  headers: Headers
}
export type CallOptions = { token?: string; headers?: Record<string, string>; method?: string }

export type PlaneOptions = Partial<RelayOptions> & {
  /** Default: SQLite in memory. Closed with the test. */
  on?: TestGround
  clock?: FakeClock
  /** Bots to add, simulated; default Discord's and Telegram's. */
  bots?: readonly Identity[]
  /** Default: everything is closed when the test ends. What was told last is closed first. */
  whenOver?: WhenOver
}
export type WhenOver = (close: () => Promise<void>) => void

export type Plane = {
  relay: Relay
  service: RelayService
  operator: RelayOperator
  ground: Ground
  clock: FakeClock
  /** `http://127.0.0.1:4711`. */
  origin: string
  faults: { error: unknown; where: string }[]
  sim(bot?: BotIdentity): SimControls
  /** An instance with a gateway, and the people of `discord` and `telegram` who are linked to it. */
  enrol(tenant: string, name: string, more?: { people?: string[]; wakeUrl?: string }): Promise<Gateway>
  tokenOf(gateway: Pick<Gateway, 'gatewayId' | 'secret'>, seconds?: number): string
  /** A socket as that gateway, before any hello. `token`: another one than its own. */
  dial(gateway: Gateway | undefined, token?: string): Promise<Peer>
  /** A socket that was given `identities` (default Discord's), and to which events come. */
  greet(gateway: Gateway, ...identities: Identity[]): Promise<Peer>
  /** `POST`s unless it is said otherwise; an object goes as JSON. */
  call(path: string, body?: unknown, options?: CallOptions): Promise<Answer>
  /** The same as a caller of that tenant's identity provider. */
  callAs(tenant: string, path: string, body: unknown): Promise<Answer>
  /** Lets time go on no faster than the store can follow, so that leases are kept. For what goes on with messages of a platform. */
  pass(ms: number): Promise<void>
  /** Waits for a condition while time goes on. */
  passing<T>(condition: () => T | Promise<T>, stepMs?: number): ReturnType<typeof eventually<T>>
  /** Asks while time goes on, for what has to wait for its turn in a chat. The exact text of the answer. */
  answer(peer: Peer, action: unknown, target?: Target): Promise<string>
  /** The result of the same. */
  ask(peer: Peer, action: unknown, target?: Target): Promise<Frame>
  stop(): Promise<void>
}

/** Opens a plane; everything of it ends with the test. */
export async function openPlane(options: PlaneOptions = {}): Promise<Plane> {
  const { on = bothGrounds[0]!, clock = fakeClock(), whenOver = onTestFinished } = options
  const opened: OpenedTestGround = await on.open({ clock })
  whenOver(opened.close)
  return await planeOn(opened.ground, { ...options, clock })
}

/** A plane on a ground that somebody else closes; nodes on one database share their bots. */
export async function planeOn(
  ground: Ground,
  {
    clock,
    bots = [discord, telegram],
    whenOver = onTestFinished,
    on: _on,
    ...options
  }: PlaneOptions & { clock: FakeClock },
): Promise<Plane> {
  const faults: Plane['faults'] = []
  let origin: string | undefined
  const relay = createRelay({
    ground,
    key,
    verifyCaller: staticCallers(
      Object.fromEntries(['org-a', 'org-b', 'org-c'].map((tenant) => [`caller-${tenant}`, tenant])),
    ),
    publicUrl: () => origin,
    onFault: (error, where) => faults.push({ error, where }),
    ...options,
    limits: { framesPerSecond: 1_000_000, callsPerMinute: 100_000, ...options.limits },
  })
  const service = await relay.service()
  const { operator } = service
  const there = await operator.listBots({})
  for (const bot of bots)
    if (!there.some(({ platform, botId }) => platform === bot.platform && botId === bot.botId))
      await operator.addBot({}, { driver: 'sim', ...bot, settings: { username: 'parley' } })

  const server = createServer((request, response) => void relay.node(request, response))
  server.on('upgrade', relay.upgrade)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // The cast: it listens on a port.
  const { port } = server.address() as AddressInfo
  origin = `http://127.0.0.1:${port}`
  const peers: Peer[] = []
  let stopping: Promise<void> | undefined
  const stop = async () => {
    for (const peer of peers) peer.kill()
    const closed = new Promise((resolve) => server.close(resolve))
    await relay.stop()
    server.closeAllConnections()
    await closed
  }
  whenOver(() => (stopping ??= stop()))

  const sim = (bot: BotIdentity = discord): SimControls => {
    const found = operator.sim({}, bot)
    if (!found) throw new Error(`no simulated ${bot.platform}`)
    return found
  }
  const tokenOf: Plane['tokenOf'] = ({ gatewayId, secret }, seconds = 300) =>
    mintToken({ gatewayId, secret, exp: Math.floor(clock.now() / 1_000) + seconds })
  const open: Plane['dial'] = async (gateway, token = gateway && tokenOf(gateway)) => {
    const peer = await dial(`ws://127.0.0.1:${port}/relay`, token)
    peers.push(peer)
    return peer
  }
  const call: Plane['call'] = (path, body, given) => callOn(`http://127.0.0.1:${port}`, path, body, given)

  const passing: Plane['passing'] = (condition, stepMs = 1_000) =>
    eventually(async () => {
      const value = await condition()
      if (!value) await clock.advance(stepMs)
      return value
    })
  const pass: Plane['pass'] = async (ms) => {
    for (let left = ms; left > 0; left -= leaseStepMs) {
      await clock.advance(Math.min(left, leaseStepMs))
      // Committed behind the renewals that have just begun.
      const drafts = [{ type: 'test.time', actor: { kind: 'system', id: 'test' } as const, body: {} }]
      await ground.log.commit({ ops: [], appends: [{ stream: 'test-time:all', drafts }] })
    }
  }
  const answer: Plane['answer'] = async (peer, action, target) => {
    let text: string | undefined
    const asked = peer.answer(action, target).then((one) => {
      text = one
      return one
    })
    await passing(() => text, 250)
    return await asked
  }

  return {
    relay,
    service,
    operator,
    ground,
    clock,
    origin,
    faults,
    sim,
    tokenOf,
    dial: open,
    greet: async (gateway, ...identities) => {
      const peer = await open(gateway)
      await peer.hello(...(identities.length > 0 ? identities : [discord]))
      await eventually(async () => {
        const rows = await operator.listInstances({ tenant: gateway.tenant })
        return rows.some(({ instanceId, state }) => instanceId === gateway.instanceId && state === 'live')
      })
      return peer
    },
    enrol: async (tenant, name, { people = [], wakeUrl } = {}) => {
      const [gatewayId, instanceId] = [`gw-${name}`, `inst-${name}`]
      const asked = { tenant, gatewayId, instanceId, ...(wakeUrl !== undefined && { wakeUrl }) }
      const { secret } = await operator.enrollGateway({}, asked)
      for (const userId of people)
        for (const { platform } of bots) await operator.link({}, { tenant, instanceId, platform, userId })
      return { gatewayId, secret, tenant, instanceId }
    },
    call,
    callAs: (tenant, path, body) => call(path, body, { token: `caller-${tenant}` }),
    pass,
    passing,
    answer,
    ask: async (peer, action, target) => JSON.parse(await answer(peer, action, target)).result,
    stop: () => (stopping ??= stop()),
  }
}

async function callOn(
  origin: string,
  path: string,
  body: unknown,
  { token, headers = {}, method = 'POST' }: CallOptions = {},
): Promise<Answer> {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array
  const response = await fetch(`${origin}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && !isRaw && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: isRaw ? (body as BodyInit) : JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json')
  return { status: response.status, body: isJson ? JSON.parse(text) : text, text, headers: response.headers }
}

/** What nobody has. */
export const nobodys = (): string => randomUUID()
