// A gateway that was written from the contract alone goes to sleep, is cut off, comes back, and is revoked.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasPython } from './python/relay/installed.test.support.js'
import { type Peer, type Said, startPeer } from './python/relay/peer.test.support.js'
import {
  type Cast,
  type Chat,
  type Closed,
  chatOf,
  type Frame,
  type Inbound,
  openStage,
  type Result,
  type Stage,
} from './python/relay/stage.test.support.js'

const isInstalled = await hasPython()
let stage: Stage
beforeAll(async () => {
  if (isInstalled) stage = await openStage()
})
afterAll(() => stage?.stop())

const texts = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `text ${from + at}`)
const heardBy = async (gateway: Peer) =>
  (await gateway.all<Inbound>('inbound')).map(({ message }) => message.text)
/** The texts of all `inbound` frames of a connection, duplicates too. */
const framesOf = async (gateway: Peer, connection: number) =>
  (await gateway.all<Frame>('frame'))
    .filter((one) => one.connection === connection && one.frame.type === 'inbound')
    .map(({ frame }) => (frame.event as { text: string }).text)

const idOf = (gateway: Peer, text: string) =>
  gateway.soFar<Inbound>('inbound').find(({ message }) => message.text === text)?.message.message_id

async function sayAll(chat: Chat, said: string[]): Promise<void> {
  for (const text of said) await stage.say(chat, text)
}
/** An answered question: what came before it on the connection has been dealt with. */
const roundTrip = (gateway: Peer, chat: Chat) =>
  gateway.ask<Result>('perform', { action: { op: 'get_chat_info', chat_id: chat.chat_id } })
async function backAgain(gateway: Peer, connection: number): Promise<void> {
  await gateway.ask('hold', { isHeld: false })
  await gateway.heard('connected', (one: Frame) => one.connection === connection)
}

describe.skipIf(!isInstalled)('a foreign gateway', () => {
  let cast: Cast
  let chat: Chat
  let gateway: Peer
  const begin = async (options: object = {}) => {
    cast = await stage.enroll()
    chat = chatOf(cast, 'discord', 'dm')
    gateway = await stage.connected(cast, options)
  }

  // proves: relay.f17, relay.f30
  test('goes idle, hears nothing more, and gets everything in order when it is back', async () => {
    await begin()
    await stage.say(chat, 'awake')
    await gateway.heard('inbound')

    const isAcked = await gateway.ask('go_idle')
    await sayAll(chat, texts(0, 8))
    await roundTrip(gateway, chat)
    const whileIdle = await heardBy(gateway)
    await gateway.ask('hold', { isHeld: true })
    await gateway.ask('close')
    await gateway.heard('closed')
    await sayAll(chat, texts(8, 12))
    await backAgain(gateway, 2)
    await gateway.heard<Inbound>('inbound', ({ message }) => message.text === 'text 11')
    await stage.say(chat, 'live again')
    await gateway.heard<Inbound>('inbound', ({ message }) => message.text === 'live again')

    expect(isAcked).toBe(true)
    expect(whileIdle).toEqual(['awake'])
    expect(await framesOf(gateway, 2)).toEqual([...texts(0, 12), 'live again'])
    expect(await gateway.all('duplicate')).toEqual([])
  })

  // proves: relay.f18, relay.f30
  test.each([0, 1, 7, 49])('killed after %i acks of 50, gets exactly the rest', async (acked) => {
    await begin()
    await gateway.ask('go_idle')
    await gateway.ask('hold', { isHeld: true })
    await gateway.ask('close')
    await gateway.heard('closed')
    await sayAll(chat, texts(0, 50))
    await gateway.ask('handler', { mode: 'hold', after: acked })
    await backAgain(gateway, 2)
    await gateway.heard<Inbound>('inbound', ({ message }) => message.text === `text ${acked}`)

    await gateway.ask('hold', { isHeld: true })
    await gateway.ask('kill')
    await gateway.heard<Closed>('closed', ({ connection }) => connection === 2)
    await gateway.ask('handler', { mode: 'ack' })
    await backAgain(gateway, 3)
    await stage.say(chat, 'last')
    await gateway.heard<Inbound>('inbound', ({ message }) => message.text === 'last')

    expect(await framesOf(gateway, 3)).toEqual([...texts(acked, 50), 'last'])
    expect(await heardBy(gateway)).toEqual([...texts(0, 50), 'last'])
    expect(await gateway.all('duplicate')).toHaveLength(1)
  })

  // proves: relay.f30
  test('gets a live message again that it did not ack, under the same bufferId', async () => {
    await begin()
    await gateway.ask('handler', { mode: 'fail' })
    await stage.say(chat, 'once')
    const first = await gateway.heard<Inbound>('inbound')

    await gateway.ask('kill')
    const again = await gateway.heard<Inbound>('duplicate')
    await gateway.ask('kill')
    await gateway.heard('connected', (one: Frame) => one.connection === 3)
    await stage.say(chat, 'twice')
    await gateway.heard<Inbound>('inbound', ({ message }) => message.text === 'twice')

    expect(again.bufferId).toBe(first.bufferId)
    expect(await framesOf(gateway, 3)).toEqual(['twice'])
  })

  // proves: relay.s9
  test('cannot be put to sleep, nor have its messages acked, by another instance', async () => {
    await begin()
    const sibling = await stage.connected(await stage.enroll(cast.tenant))
    await gateway.ask('handler', { mode: 'fail' })
    await stage.say(chat, 'mine')
    const { bufferId } = await gateway.heard<Inbound>('inbound')

    await sibling.ask('send', { frame: { type: 'inbound_ack', bufferId } })
    await sibling.ask('send', { frame: { type: 'going_idle', instanceId: cast.instanceId } })
    await sibling.heard<Frame>('frame', ({ frame }) => frame.type === 'going_idle_ack')
    await stage.say(chat, 'still awake')
    await gateway.heard<Inbound>('inbound', ({ message }) => message.text === 'still awake')
    await gateway.ask('handler', { mode: 'ack' })
    await gateway.ask('kill')
    await gateway.heard('duplicate', (one: Frame) => one.message_id === idOf(gateway, 'still awake'))

    expect(await framesOf(gateway, 2)).toEqual(['mine', 'still awake'])
  })

  // proves: relay.f30
  test('is woken by one request that says nothing, when it sleeps', async () => {
    await begin()
    const listener = await startPeer('connector')
    const { url } = await listener.heard<Said & { url: string }>('ready')
    await gateway.ask('post', { route: '/manage/wake', body: { wakeUrl: `${url}/wake` } })
    await gateway.ask('go_idle')

    await sayAll(chat, texts(0, 3))
    const poke = await listener.heard<Said & { headers: Record<string, string> }>('http')
    await gateway.ask('kill')
    await gateway.heard<Inbound>('inbound', ({ message }) => message.text === 'text 2')

    expect(poke).toMatchObject({ method: 'GET', path: '/wake', body: '' })
    expect(poke.headers).not.toHaveProperty('authorization')
    expect(JSON.stringify(poke)).not.toMatch(
      new RegExp(`${cast.tenant}|${cast.instanceId}|${cast.gatewayId}|text`),
    )
    expect(await listener.all('http')).toHaveLength(1)
    await listener.stop()
  })

  // proves: relay.f30
  test('is followed by a newer connection of its instance, and can still act', async () => {
    await begin()
    await stage.say(chat, 'to the first')
    await gateway.heard('inbound')
    const newer = await stage.connected(cast)

    await stage.say(chat, 'to the second')
    await newer.heard<Inbound>('inbound', ({ message }) => message.text === 'to the second')

    expect(await roundTrip(gateway, chat)).toMatchObject({ success: true })
    expect(await heardBy(gateway)).toEqual(['to the first'])
    expect(await gateway.all('closed')).toEqual([])
  })

  // proves: relay.f14, relay.f30
  test('is interrupted for its own session and for no other tenant', async () => {
    await begin()
    await stage.say(chat, 'work')
    const { key } = await gateway.heard<Inbound>('inbound')
    const sibling = await stage.connected(await stage.enroll(cast.tenant))
    const stranger = await stage.connected(await stage.enroll(stage.callers[1]!.tenant))

    await stranger.ask('interrupt', { sessionKey: key, reason: 'not yours' })
    await roundTrip(stranger, chat)
    await sibling.ask('interrupt', { sessionKey: `${key}:none` })
    await sibling.ask('interrupt', { sessionKey: key, reason: 'user typed /stop' })
    await gateway.heard('interrupt')
    await roundTrip(gateway, chat)

    expect(await gateway.all('interrupt')).toEqual([{ event: 'interrupt', key, chat_id: chat.chat_id }])
    expect([...(await sibling.all('interrupt')), ...(await stranger.all('interrupt'))]).toEqual([])
  })

  // proves: relay.f30
  test.each([
    ['seed', 1],
    ['later', 2],
  ])('that is revoked under the rule of %s has dialled %i times and is disabled', async (rule, dials) => {
    await begin({ rule })

    await stage.call('revoke', { gatewayId: cast.gatewayId })
    await gateway.heard('disabled')

    const refused = { code: 4401, reason: 'unauthorized' }
    expect(await gateway.all<Closed>('closed')).toMatchObject(Array(dials).fill(refused))
  })

  // proves: relay.f30
  test('deprovisions itself: every connection of its instance is closed, twice is once', async () => {
    await begin({ rule: 'seed' })
    const newer = await stage.connected(cast, { rule: 'seed' })
    const call = { route: '/manage/deprovision', body: {} }

    const first = await newer.ask('post', call)
    await Promise.all([gateway.heard('disabled'), newer.heard('disabled')])

    expect(first).toMatchObject({ status: 200 })
    expect(await newer.ask('post', call)).toMatchObject({ status: 401 })
  })
})
