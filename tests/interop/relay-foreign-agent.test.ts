// Our agent's side against a connector that was written from the contract alone: credentials, files, answers and questions.
import {
  type Answer,
  defineGateway,
  enroll,
  provision,
  RelayCallError,
  setPolicies,
} from '@parley/relay/gateway'
import type { MessageEvent } from '@parley/relay/protocol'
import { eventually } from '@parley/testkit'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type Connection,
  credential,
  type Dial,
  discord,
  type Http,
  inbound,
  openConnected,
  openConnection,
  telegram,
} from './python/relay/connector.test.support.js'
import { hasPython } from './python/relay/installed.test.support.js'
import { type Peer, type Said, startPeer } from './python/relay/peer.test.support.js'

const isInstalled = await hasPython()
let open: Connection
const routes = (answers: object) => open.connector.ask('rule', { routes: answers })
const called = (peer: Peer = open.connector) => peer.all<Http>('http')

describe.skipIf(!isInstalled)('our gateway calls a foreign connector', () => {
  beforeEach(async () => {
    open = await openConnection()
  })
  afterEach(() => open.stop())
  const who = () => ({ url: open.url, identityToken: async () => 'idp-token' })

  test('to enroll', async () => {
    const body = {
      secret: 'ab'.repeat(32),
      deliveryKey: 'cd'.repeat(32),
      tenant: 'org-17',
      gatewayId: 'gw-laptop',
    }
    await routes({ 'POST /relay/enroll': { body } })

    const enrolled = await enroll({ ...who(), enrollmentToken: 'et_9f', gatewayId: 'gw-laptop' })

    expect(enrolled).toEqual(body)
    expect((await called())[0]!.headers).toMatchObject({ authorization: 'Bearer idp-token' })
    expect(JSON.parse((await called())[0]!.body)).toEqual({
      enrollmentToken: 'et_9f',
      gatewayId: 'gw-laptop',
    })
    await routes({ 'POST /relay/enroll': { status: 403, body: { error: 'this token was used already' } } })
    const refused = enroll({ ...who(), enrollmentToken: 'et_9f', gatewayId: 'gw-laptop' })
    await expect(refused).rejects.toThrow(/this token was used already/)
    await expect(refused).rejects.toBeInstanceOf(RelayCallError)
  })

  test('to provision, once for each bot, and keeps the first secret', async () => {
    const body = { secret: 'first', deliveryKey: 'k', tenant: 'org-17', gatewayId: 'gw-7', routeKeys: ['G1'] }
    await routes({ 'POST /relay/provision': { body } })

    const { credential: first, failures } = await provision({
      ...who(),
      gatewayId: 'gw-7',
      identities: [discord, telegram],
      routeKeys: ['G1'],
      instanceId: 'inst-7',
    })

    expect(first).toMatchObject({ secret: 'first', gatewayId: 'gw-7' })
    expect(failures).toEqual([])
    const common = { gatewayId: 'gw-7', gatewayEndpoint: '', routeKeys: ['G1'], instanceId: 'inst-7' }
    expect((await called()).map(({ body: sent }) => JSON.parse(sent))).toEqual([
      { ...common, ...discord },
      { ...common, ...telegram },
    ])
    await routes({ 'POST /relay/provision': { status: 409, body: { error: 'taken' } } })
    const none = await provision({ ...who(), gatewayId: 'gw-8', identities: [discord] })
    expect(none.credential).toBeUndefined()
    expect(none.failures).toMatchObject([discord])
  })

  // proves: relay.p20
  test('to set policies: any status but 200 is a failure', async () => {
    const policy = {
      platform: 'discord',
      requireAddress: true,
      freeResponseScopes: ['C1'],
      allowOtherBots: false,
    }
    const set = () => setPolicies({ url: open.url, ...credential, policies: [policy] })
    await routes({ 'POST /relay/policy': { body: { ok: true } } })
    const worked = await set()
    await routes({ 'POST /relay/policy': { status: 204, body: '' } })
    const failed = await set()

    expect(worked).toEqual([])
    expect(failed).toMatchObject([{ platform: 'discord' }])
    expect(JSON.parse((await called())[0]!.body)).toEqual(policy)
    expect((await called())[0]!.headers.authorization).toMatch(/^Bearer [A-Za-z0-9_-]+$/)
  })
})

describe.skipIf(!isInstalled)('our gateway and files', () => {
  let foreign: Peer
  let elsewhere: string
  beforeEach(async () => {
    open = await openConnected()
    foreign = await startPeer('connector')
    elsewhere = (await foreign.heard<Said & { url: string }>('ready')).url
    await foreign.ask('rule', {
      routes: { 'GET /relay/media/x': { body: 'from elsewhere', mime: 'text/plain' } },
    })
  })
  afterEach(async () => {
    await open.stop()
    await foreign.stop()
  })

  // proves: relay.s13
  test('never shows its credential to another origin', async () => {
    const hosted = `${open.url}/relay/media/${'0'.repeat(32)}`
    const moved = `${open.url}/relay/media/${'1'.repeat(32)}`
    await routes({
      [`GET /relay/media/${'0'.repeat(32)}`]: { body: 'hosted', mime: 'text/plain' },
      [`GET /relay/media/${'1'.repeat(32)}`]: {
        status: 302,
        body: '',
        headers: { Location: `${elsewhere}/relay/media/x` },
      },
    })
    const host = new URL(open.url).host
    const strangers = [
      `${elsewhere}/relay/media/x`,
      `${elsewhere}/relay/media/x?from=${open.url}/relay/media/`,
      `http://${host}@${new URL(elsewhere).host}/relay/media/x`,
      `${open.url}/other/relay/media/x`,
      `${open.url}/relay/media/../../other`,
    ]
    const media_urls = [hosted, moved, ...strangers]
    const event = { ...inbound('files').event, media_urls } as unknown as MessageEvent

    const files = await open.transport.media.filesOf(event)
    for (const url of strangers) await open.transport.media.download(url).catch(() => undefined)
    await open.transport.media.download(moved).catch(() => undefined)

    const withBearer = async (peer: Peer) =>
      (await called(peer)).filter(({ headers }) => headers.authorization !== undefined)
    expect(files.map(({ url }) => url)).toContain(hosted)
    expect(Buffer.from(files[0]!.bytes!).toString()).toBe('hosted')
    expect(await withBearer(foreign)).toEqual([])
    expect((await withBearer(open.connector)).every(({ path }) => path.startsWith('/relay/media/'))).toBe(
      true,
    )
    expect((await withBearer(open.connector)).length).toBeGreaterThan(0)
  })

  test('uploads what it sends, and sends the reference', async () => {
    const id = 'a'.repeat(32)
    await routes({ 'POST /relay/media': { body: { id, size: 3 } } })

    const stored = await open.transport.media.upload({
      bytes: Buffer.from('abc'),
      mime: 'text/plain',
      filename: 'a.txt',
    })

    expect(stored).toMatchObject({ id, size: 3, url: `${open.url}/relay/media/${id}` })
    const [upload] = await called()
    expect(upload).toMatchObject({
      body: 'abc',
      headers: { 'content-type': 'text/plain', 'x-media-filename': 'a.txt' },
    })
    expect(upload!.headers.authorization).toMatch(/^Bearer /)
    expect(upload!.headers['user-agent']).toEqual(expect.any(String))
  })
})

describe.skipIf(!isInstalled)('our agent at a foreign connector', () => {
  beforeEach(async () => {
    open = await openConnection()
  })
  afterEach(() => open.stop())

  // proves: relay.p14
  test('answers where it was spoken to, asks, and hears the press', async () => {
    const answers: (Answer | undefined)[] = []
    const gateway = defineGateway({
      transport: open.transport,
      clock: open.clock,
      report: () => {},
      onMessage: async (_, chat) => {
        await chat.reply('on it')
        answers.push(await chat.ask({ text: 'Run it?', options: [{ id: 'once', label: 'Once' }, 'Never'] }))
      },
    })
    await gateway.start()
    await open.send(inbound('deploy', { bufferId: 'b-1' }))
    const reply = await open.frame('outbound', ({ action }) => (action as { op: string }).op === 'send')
    const prompt = await open.frame('outbound', ({ action }) => (action as { op: string }).op === 'prompt')
    const { prompt_id, options } = prompt.action as { prompt_id: string; options: { id: string }[] }
    const press = (prompt: string, message_id: string) => {
      const { event } = inbound('/once', { message_id })
      const prompt_response = { prompt_id: prompt, option_id: 'once', prompt_message_id: 'm-1' }
      return open.send({ type: 'inbound', event: { ...event, message_type: 'command', prompt_response } })
    }

    await press('ffffff.00000001', 'i-1')
    await press(prompt_id, 'i-2')
    await press(prompt_id, 'i-3')
    await open.frame('inbound_ack')
    await eventually(() => answers.length > 0)

    const metadata = { scope_id: 'G1', user_id: 'U1' }
    expect(reply).toMatchObject({
      ...discord,
      action: { op: 'send', chat_id: 'C1', content: 'on it', metadata },
    })
    expect(prompt.action).toMatchObject({ chat_id: 'C1', content: 'Run it?', metadata })
    expect(prompt_id).toMatch(/^[0-9a-f]{6}\.[0-9a-f]{8}$/)
    expect(options).toHaveLength(2)
    expect(answers).toMatchObject([{ id: 'once', label: 'Once', userId: 'U1' }])
    expect(await open.frames('outbound')).toHaveLength(2)
    expect(await open.connector.all<Dial>('dial')).toHaveLength(1)
  })
})
