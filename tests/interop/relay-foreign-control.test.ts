// A gateway that was written from the contract alone: how it comes to its credential and to its people.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasPython } from './python/relay/installed.test.support.js'
import {
  type Bot,
  type Chat,
  chatOf,
  type Inbound,
  openStage,
  type Stage,
  startOf,
} from './python/relay/stage.test.support.js'

const isInstalled = await hasPython()
let stage: Stage
beforeAll(async () => {
  if (isInstalled) stage = await openStage()
})
afterAll(() => stage?.stop())

type Answer = { status: number; body: Record<string, unknown> }

describe.skipIf(!isInstalled)('a foreign gateway', () => {
  // proves: relay.f22, relay.f30, relay.s15
  test('enrolls with a token that is good once, for its tenant', async () => {
    const [ours, theirs] = stage.callers
    const gateway = await stage.gateway()
    const { token } = await stage.call<{ token: string }>('enrolment-token', { tenant: ours!.tenant })
    const enroll = (gatewayId: string, bearer: string) => {
      const body = { enrollmentToken: token, gatewayId }
      return gateway.ask<Answer>('post_as', { url: stage.url, route: '/relay/enroll', bearer, body })
    }

    const refused = [await enroll('gw-1', ''), await enroll('gw-1', theirs!.token)]
    const race = await Promise.all(['gw-1', 'gw-2', 'gw-3'].map((id) => enroll(id, ours!.token)))
    const late = await enroll('gw-1', ours!.token)

    expect(refused.map(({ status }) => status)).toEqual([401, 403])
    expect(race.map(({ status }) => status).sort()).toEqual([200, 403, 403])
    expect(late).toMatchObject({ status: 403, body: { error: expect.any(String) } })
    const { body } = race.find(({ status }) => status === 200)!
    const hex = expect.stringMatching(/^[0-9a-f]{64}$/)
    const gatewayId = expect.stringMatching(/^gw-[123]$/)
    expect(body).toEqual({ secret: hex, deliveryKey: hex, tenant: ours!.tenant, gatewayId })
  })

  // proves: relay.f23, relay.f30, relay.p19
  test('provisions for three platforms: the first secret stays good', async () => {
    const [ours, theirs] = stage.callers
    const gateway = await stage.gateway()
    const provision = (gatewayId: string, bot: Bot, bearer: string, routeKeys: string[] = []) => {
      const body = { gatewayId, ...bot, gatewayEndpoint: '', routeKeys, instanceId: 'inst-boot' }
      return gateway.ask<Answer>('post_as', { url: stage.url, route: '/relay/provision', bearer, body })
    }
    const [discord, telegram] = stage.bots as [Bot, Bot]
    const slack = { platform: 'slack', botId: 'B1' }

    const first = await provision('gw-boot', discord, ours!.token, ['9901'])
    const rest = [
      await provision('gw-boot', telegram, ours!.token),
      await provision('gw-boot', slack, ours!.token),
    ]
    const taken = await provision('gw-boot', discord, theirs!.token)
    const claimed = await provision('gw-else', discord, theirs!.token, ['9901'])
    const secret = String(first.body.secret)
    await gateway.ask(
      'start',
      startOf({ url: stage.url, identities: stage.bots }, { gatewayId: 'gw-boot', secret }),
    )
    await gateway.heard('connected')

    expect(first).toMatchObject({ status: 200, body: { tenant: ours!.tenant, routeKeys: ['9901'] } })
    expect(rest.map(({ status }) => status)).toEqual([200, 200])
    expect([taken.status, claimed.status]).toEqual([403, 409])
  })

  // proves: relay.f30
  test('links a person by a code in a direct message, which no agent sees', async () => {
    const gateway = await stage.connected(await stage.enroll())
    const bot = stage.bots[1]!
    const user_id = '5550001'
    const direct: Chat = { ...bot, chat_id: user_id, chat_type: 'dm', scope_id: null, user_id }
    const group: Chat = { ...direct, chat_id: '-1005550001', chat_type: 'group' }
    const other: Chat = { ...direct, chat_id: '5550002', user_id: '5550002' }
    const answered = async (chat: Chat) => (await stage.shown(chat)).filter(({ userId }) => userId === null)
    await stage.say(direct, 'anybody there?')
    const body = { platform: 'telegram' }

    const { status, body: made } = await gateway.ask<Answer>('post', { route: '/manage/link', body })
    const typed = String(made.code).toLowerCase().replace('-', ' ')
    await stage.say(group, `/link ${typed}`)
    await stage.say(direct, `/link ${typed}`)
    await stage.say(other, `/link ${typed}`)
    await stage.say(other, '/link AAAA-BBBB')
    await stage.say(direct, 'now I am linked')
    await gateway.heard('inbound')

    expect(status).toBe(200)
    expect((await gateway.all<Inbound>('inbound')).map(({ message }) => message.text)).toEqual([
      'now I am linked',
    ])
    expect(await answered(group)).toMatchObject([{ text: expect.stringMatching(/direct message/i) }])
    const [reused, wrong] = await answered(other)
    expect(reused!.text).toBe(wrong!.text)
    expect(await answered(direct)).toHaveLength(1)
  })

  // proves: relay.f30, relay.p20
  test('sets a policy, which is answered 200 and decides what is relevant', async () => {
    const ours = await stage.enroll()
    const theirs = await stage.enroll(stage.callers[1]!.tenant)
    const gateway = await stage.connected(ours)
    const post = (route: string, body: object) => gateway.ask<Answer>('post', { route, body })
    const group = chatOf(ours, 'discord', 'group')
    const { platform, chat_id, scope_id } = group
    const stranger = chatOf(theirs, 'discord', 'group')
    const policy = { platform, requireAddress: true, freeResponseScopes: [], allowOtherBots: false }
    const grant = { platform, scopeId: scope_id, chatId: chat_id }

    // Whoever has written in a guild is known to be in it, and may see what is granted.
    await stage.say(group, 'I am here')
    await gateway.heard('inbound')
    const answers = [
      await post('/manage/scope', grant),
      await post('/manage/principal', { platform, policy: 'any' }),
      await post('/relay/policy', policy),
    ]
    await stage.say(stranger, 'between ourselves')
    answers.push(await post('/relay/policy', { ...policy, requireAddress: false }))
    await stage.say(stranger, 'to whom it may concern')
    await gateway.heard<Inbound>('inbound', ({ message }) => message.text === 'to whom it may concern')
    answers.push(await post('/manage/scope/release', grant))
    await stage.say(stranger, 'nobody is here any more')
    await stage.say(chatOf(ours, 'discord', 'dm'), 'the end')
    await gateway.heard<Inbound>('inbound', ({ message }) => message.text === 'the end')

    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(200))
    const texts = (await gateway.all<Inbound>('inbound')).map(({ message }) => message.text)
    expect(texts).toEqual(['I am here', 'to whom it may concern', 'the end'])
  })
})
