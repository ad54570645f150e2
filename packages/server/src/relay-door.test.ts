import { connectRelay, defineGateway } from '@parley/relay/gateway'
import { eventually } from '@parley/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { addBot, bot, keyOf, root, type Wire } from './relay.test.support.js'
import { openServer, rawRequest, upgradeHeaders } from './server.test.support.js'

describe('the door of the relay', () => {
  it('has its routes, and nothing that only looks like them', async () => {
    const { url } = await openServer()
    const at = async (path: string, method = 'POST') => rawRequest(url, path, { method })

    for (const path of ['/relay/enroll', '/relay/policy', '/manage/link'])
      expect(await at(path), path).toMatchObject({ status: 401, text: '{"error":"unauthorized"}' })
    expect((await at('/interactions/discord/1')).status).toBe(404)
    for (const path of ['/relayx', '/managed/link', '/rel%61y/enroll'])
      expect((await at(path)).text, path).not.toContain('"error":')
  })

  it('takes sockets on /relay alone, and refuses by a close code', async () => {
    const { url } = await openServer()
    const upgrade = (path: string) => rawRequest(url, path, { headers: upgradeHeaders })

    expect(await upgrade('/relay')).toMatchObject({ isUpgraded: true })
    for (const path of ['/relay/', '/relay/x', '/manage/link'])
      expect(await upgrade(path), path).toMatchObject({ status: 400, isUpgraded: false })
  })

  it('lets a gateway in that enrolled with an API key of its tenant, and an agent answer', async () => {
    const server = await openServer()
    await addBot(server)
    const identityToken = await keyOf(server, { org: 'acme' }, 'relay:enroll')
    const token = (await server.call(`${root}/enrolment-tokens`, { body: { tenant: 'acme' } })).body
    const transport = await connectRelay(
      {
        url: server.url,
        gatewayId: 'gw-1',
        identities: [bot],
        routeKeys: [],
        enrollmentToken: String(token.token),
      },
      { identityToken },
    )
    await server.call(`${root}/links`, {
      body: { tenant: 'acme', instanceId: 'gw-1', platform: bot.platform, userId: 'ada' },
    })
    const agent = defineGateway({
      transport,
      onMessage: async ({ text }, chat) => void (await chat.reply(`heard ${text}`)),
    })
    onTestFinished(() => agent.stop())
    expect(await agent.start()).toBe(true)

    const sim = `${root}/bots/${bot.platform}/${bot.botId}/sim`
    await server.call(`${sim}/say`, { body: { userId: 'ada', chatId: 'ada', chatType: 'dm', text: 'hello' } })

    const shown = await eventually(async () => {
      const { items } = (await server.call(`${sim}/messages?chatId=ada`)).body as Wire
      return items.length === 2 && items
    })
    expect(shown[1]).toMatchObject({ userId: null, text: 'heard hello' })
  })

  it.each([
    ['without the scope', { org: 'acme' }, 'relay:read'],
    ['without a tenant', {}, 'relay:enroll'],
    ['of a tenant that is none of the relay’s', { ws: 'x' }, 'relay:enroll'],
  ])('a key %s enrols nobody', async (_what, tenant, scope) => {
    const server = await openServer()
    const key = await keyOf(server, tenant, scope)
    const body = { enrollmentToken: 'et_x', gatewayId: 'gw-1' }

    expect(await server.call('/relay/enroll', { key, body })).toMatchObject({ status: 401 })
  })
})
