// Ours: the relay plane as an application mounts it, `createRelay` behind `node:http`, with a platform that answers at once.
import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Ground, openGround } from '@parley/kernel/ground'
import { rawJson } from '@parley/kernel/log'
import { createRelay, type PlatformSink, type Relay, type RelayOperator, sqlRelayStore } from '@parley/relay'
import { serve } from '../http/serve.js'
import { closedWindow } from './closed-window.js'
import {
  ackBytes,
  botId,
  bufferName,
  type Credentials,
  chatName,
  eventText,
  inboundLine,
  messageName,
  platform,
  userName,
} from './frames.js'
import { instantPlatform, messageOf } from './instant-driver.js'
import { paced } from './paced.js'

/** `gateways`: so many are made, each of an instance of its own that has one person. None: what the database has is served. */
export type RelayServerOptions = { database: string; gateways: number; drainWindow?: number }

const unlimited = 1_000_000_000
const tenant = 'bench'
const atOnce = 64
const perCommit = 100
/** Of the gateway that came last. Nothing is kept for each: its memory is measured. */
let socket: Duplex | undefined
let ground: Ground | undefined
let relay: Relay | undefined
let operator: RelayOperator | undefined
let server: Server | undefined
let sink: PlatformSink | undefined
let events = 0
let chats = 1
const window = closedWindow(() => void deliver(events % chats, 0))

export const role = {
  /** Opens the plane with its bot. Answers the gateways' credentials. */
  async start({ database, gateways, drainWindow = 1 }: RelayServerOptions) {
    ground = await openGround({ database })
    const instant = instantPlatform()
    relay = createRelay({
      ground,
      platforms: [instant.driver],
      // The same in every process that opens the database.
      key: '0f'.repeat(32),
      // Raised so that nobody waits for more than the connector; everything is still counted.
      limits: {
        framesPerSecond: unlimited,
        openActions: unlimited,
        bufferEntries: unlimited,
        bufferBytes: unlimited * 1_000,
        gatewaysPerTenant: unlimited,
        drainWindow,
      },
    })
    operator = (await relay.service()).operator
    if (gateways > 0) await operator.addBot({}, { driver: 'instant' })
    const credentials: Credentials[] = []
    for (let from = 0; from < gateways; from += atOnce) {
      const some = Array.from({ length: Math.min(atOnce, gateways - from) }, (_, n) => enrol(from + n))
      credentials.push(...(await Promise.all(some)))
    }
    sink = await instant.started
    return { port: await listen(relay), credentials, webhookPath: `/relay/edge/${platform}/${botId}` }
  },
  /** One message from the first person in each of so many chats: from then on the first gateway may answer there. */
  async openChats({ count }: { count: number }) {
    for (let from = 0; from < count; from += atOnce) {
      const some = Array.from({ length: Math.min(atOnce, count - from) }, (_, n) => deliver(from + n, 0))
      await Promise.all(some)
    }
  },
  /** Messages of the first person, chat after chat: so many that were not acknowledged yet. Acknowledged ones are counted. */
  async deliver({ inFlight, ms, inChats }: { inFlight: number; ms: number; inChats: number }) {
    chats = inChats
    const stop = countAcks((count) => window.over(count))
    const result = await window.run({ inFlight, ms })
    stop()
    await settled()
    return result
  },
  /** Messages to all gateways in turn. */
  async pace({ perSecond, ms, gateways }: { perSecond: number; ms: number; gateways: number }) {
    await paced({ perSecond, ms }, (n) => void deliver(n % gateways, n % gateways))
    await settled()
  },
  /** Puts so many events into the first gateway's buffer, as the plane stores them. */
  async fill({ count }: { count: number }) {
    const { log, db } = ground!
    const store = sqlRelayStore(db)
    const [row] = await store.instances.list({ tenant })
    for (let from = 1; from <= count; from += perCommit) {
      const numbers = Array.from({ length: Math.min(perCommit, count - from + 1) }, (_, n) => from + n)
      const entries = numbers.map((n) => entryOf(n))
      await log.commit({
        ops: entries.flatMap(({ bufferId, text }) =>
          store.entries.append(draftOf(row!.instanceId, bufferId, text)),
        ),
        appends: [{ stream: row!.stream, drafts: entries.map(({ draft }) => draft) }],
      })
    }
  },
  /** Resolves when nothing waits in a buffer any more. */
  settled,
  async counts() {
    return operator!.counts()
  },
  async close() {
    await relay?.stop()
    server?.closeAllConnections()
    server?.close()
    await ground?.close()
  },
}

async function enrol(n: number): Promise<Credentials> {
  const instanceId = `inst-${String(n).padStart(6, '0')}`
  const gateway = { tenant, instanceId, gatewayId: `gw-${String(n).padStart(6, '0')}` }
  const { gatewayId, secret } = await operator!.enrollGateway({}, gateway)
  await operator!.link({}, { tenant, instanceId, platform, userId: userName(n) })
  return { gatewayId, secret }
}

async function listen({ node, upgrade }: Relay): Promise<number> {
  const serving = await serve((request, response) => node(request, response))
  server = serving.server
  server.on('upgrade', (request, accepted, head) => {
    socket = accepted
    upgrade(request, accepted, head)
  })
  return serving.port
}

/** What fails ends the process, and the benchmark with it. */
async function deliver(chat: number, user: number): Promise<void> {
  const n = ++events
  const where = { chatId: chatName(chat), userId: userName(user), text: eventText(n) }
  await sink!.message(messageOf(messageName(n), where))
}

/** Looks at the bytes that come by: a gateway that only acknowledges sends frames of one length. */
function countAcks(take: (count: number) => void): () => void {
  const of = socket
  if (!of) throw new Error('There is no gateway.')
  let rest = 0
  const look = (chunk: Buffer) => {
    rest += chunk.length
    const count = Math.floor(rest / ackBytes)
    rest %= ackBytes
    if (count > 0) take(count)
  }
  of.on('data', look)
  return () => void of.off('data', look)
}

async function settled(): Promise<void> {
  while ((await operator!.listTenants({})).some(({ pending }) => pending > 0)) await sleep(10)
}

function entryOf(n: number) {
  const bufferId = bufferName(n)
  const asked = { chatId: chatName(n % 10), userId: userName(0), text: eventText(n) }
  const text = inboundLine(n, asked).trimEnd()
  const actor = { kind: 'system', id: 'relay' } as const
  return { bufferId, text, draft: { id: bufferId, type: 'relay.inbound', actor, body: rawJson(text) } }
}

function draftOf(instanceId: string, bufferId: string, text: string) {
  const createdAt = ground!.clock.micros()
  const expiresAt = createdAt + 86_400_000_000
  return { tenant, instanceId, bufferId, kind: 'inbound' as const, bytes: text.length, createdAt, expiresAt }
}
