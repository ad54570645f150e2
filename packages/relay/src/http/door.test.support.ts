import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toNodeListener } from '@parley/kernel/http'
import { systemIds } from '@parley/kernel/ids'
import { testGrounds } from '@parley/testkit'
import { onTestFinished } from 'vitest'
import { relayErrors } from '../errors.js'
import type { EdgeRequest } from '../platforms/port.js'
import { edgeOf } from '../service/bots/edge.js'
import { staticCallers } from '../service/callers/index.js'
import { makeKey } from '../service/callers/keys.test.support.js'
import { signToken } from '../service/credentials/credentials.test.support.js'
import { createAuthentication } from '../service/credentials/index.js'
import type { Bots, Media } from '../service/deps.js'
import { openManaged } from '../service/management/management.test.support.js'
import type { RelayOptions } from '../service/options.js'
import { recordingSink } from '../service/platform-messages.test.support.js'
import type { RelayOperator } from '../service/port.js'
import { createRelayService } from '../service/service.js'
import { createRelayApp } from './app.js'

type Kept = { mime: string; filename: string; bytes: Buffer; tenants: readonly string[] }

/** Media that are remembered as they came. `taken`: what was read of bodies, whether they were kept or not. */
function fakeMedia() {
  const files = new Map<string, Kept>()
  const taken = { bytes: 0, failed: [] as unknown[] }
  const media: Media = {
    store: async ({ bytes, mime, filename }, { tenants }) => {
      const chunks: Uint8Array[] = []
      try {
        for await (const chunk of bytes as AsyncIterable<Uint8Array>) {
          taken.bytes += chunk.length
          chunks.push(chunk)
        }
      } catch (error) {
        taken.failed.push(error)
        throw error
      }
      const whole = Buffer.concat(chunks)
      if (whole.length === 0) throw relayErrors.emptyMedia()
      const id = systemIds.hex(16)
      files.set(id, { mime, filename, bytes: whole, tenants })
      return { id, size: whole.length }
    },
    read: async (id, tenant) => {
      const file = files.get(id)
      if (!file?.tenants.includes(tenant)) return undefined
      async function* chunks() {
        for (let at = 0; at < file!.bytes.length; at += 65_536) yield file!.bytes.subarray(at, at + 65_536)
      }
      return { mime: file.mime, filename: file.filename, size: file.bytes.length, chunks: chunks() }
    },
    fetchSource: () => Promise.reject(new Error('not here')),
    urlOf: (id) => `https://c.example/relay/media/${id}`,
  }
  return { media, files, taken }
}

/** The routes over a real service with SQLite in memory; media are fake. */
export async function openDoor(options: RelayOptions = {}) {
  const [ground] = await testGrounds()
  const callers = staticCallers({ 'caller-17': 'org-17', 'caller-18': 'org-18' })
  const key = await makeKey('RS256', 'k')
  const operatorKeys = { keys: [key.published] }
  const managed = await openManaged(ground!, { verifyCaller: callers, operatorKeys, ...options })
  const { deps, verify, enrolment, management, links, bot, store, seconds } = managed
  const faults: unknown[] = []
  const media = fakeMedia()
  const edged: EdgeRequest[] = []
  const botOf: Bots['get'] = ({ platform, botId }) =>
    platform === 'discord' && botId === 'b1'
      ? { row: managed.row, bot, health: () => ({ state: 'well' }) }
      : undefined
  const service = createRelayService({
    verify,
    enrolment,
    management,
    links,
    media: media.media,
    authentication: createAuthentication(deps, { verify }),
    edge: edgeOf({ get: botOf }, () => recordingSink(), deps.tally),
    operator: {} as RelayOperator,
  })
  bot.onEdge = async (request) => {
    edged.push(request)
    return { status: 202, headers: { 'x-from': 'platform' }, body: 'taken' }
  }
  const app = createRelayApp({ service, onFault: (error) => faults.push(error) })
  const tokenOf = async (gatewayId: string) => {
    const row = await store.gateways.find(gatewayId)
    const secret = managed.secrets.open(gatewayId, row!.secrets[0]!.sealed)
    return signToken(secret, gatewayId, seconds() + 300)
  }
  const ask = async (method: string, path: string, { token, body, headers }: Asked = {}) => {
    const sent = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
    const request = new Request(`http://c.example${path}`, {
      method,
      headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
      ...(body !== undefined && { body: sent as BodyInit }),
    })
    const response = await app.fetch(request, { remoteAddress: '', requestId: 'req_1' })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, body: toJson(text) }
  }
  const jwt = (claims: Record<string, unknown>) => key.sign({ exp: seconds() + 60, sub: 'ana', ...claims })
  return { ...managed, ...media, service, app, faults, edged, tokenOf, ask, jwt }
}

type Asked = { token?: string | undefined; body?: unknown; headers?: Record<string, string> }

// biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of every shape.
const toJson = (text: string): any => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The same door behind a real HTTP server. */
export async function openServer(options: RelayOptions = {}) {
  const door = await openDoor(options)
  const listener = toNodeListener(async (request, info) => door.app.fetch(request, info), { ids: systemIds })
  const server = createServer((request, response) => void listener(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { ...door, port: (server.address() as AddressInfo).port }
}
