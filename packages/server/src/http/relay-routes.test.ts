import { describe, expect, it } from 'vitest'
import { addBot, bot, keyOf, root, type Wire } from '../relay.test.support.js'
import { openServer, type TestServer } from '../server.test.support.js'

const enroll = (server: TestServer, tenant: string, key?: string) =>
  server.call(`${root}/gateways`, {
    body: { tenant, gatewayId: `gw-${tenant}` },
    ...(key !== undefined && { key }),
  })

const itemsOf = async (server: TestServer, path: string, key: string): Promise<Wire[]> => {
  const { body } = await server.call(`${root}${path}`, { key })
  return body.items as Wire[]
}

describe('the routes of operators', () => {
  it('ask for a scope', async () => {
    const server = await openServer()
    const reader = await keyOf(server, {}, 'relay:read')
    const stranger = await keyOf(server, {}, 'threads:read')

    expect((await server.call(`${root}/bots`, { key: null })).status).toBe(401)
    expect((await server.call(`${root}/bots`, { key: stranger })).status).toBe(403)
    expect((await server.call(`${root}/bots`, { key: reader })).status).toBe(200)
    expect((await enroll(server, 'acme', reader)).status).toBe(403)
  })

  it('show a tenant its own, and the rest as if it were not there', async () => {
    const server = await openServer()
    await addBot(server)
    for (const tenant of ['acme', 'globex']) expect((await enroll(server, tenant)).status).toBe(201)
    const key = await keyOf(server, { org: 'acme' }, 'relay:read', 'relay:write')
    const other = await keyOf(server, { ws: 'x' }, 'relay:read')

    expect((await itemsOf(server, '/gateways', key)).map(({ tenant }) => tenant)).toEqual(['acme'])
    expect((await itemsOf(server, '/tenants', key)).map(({ tenant }) => tenant)).toEqual(['acme'])
    const gone = await server.call(`${root}/gateways/gw-globex`, { method: 'DELETE', key })
    const nobody = await server.call(`${root}/gateways/gw-nobody`, { method: 'DELETE', key })
    const plain = ({ status, body }: typeof gone) => ({ status, ...body, requestId: '' })
    expect(plain(gone)).toEqual(plain(nobody))
    expect(gone).toMatchObject({ status: 404, body: { code: 'relay.gateway_not_found' } })
    expect((await server.call(`${root}/bots?tenant=globex`, { key })).status).toBe(403)
    expect((await server.call(`${root}/bots`, { key: other })).status).toBe(403)
    // The simulator shows everybody's chats.
    expect((await server.call(`${root}/bots/telegram/${bot.botId}/sim`, { key })).status).toBe(404)
  })

  it('show a secret once', async () => {
    const server = await openServer()
    await addBot(server)
    const { body } = await enroll(server, 'acme')

    const seen = await Promise.all(
      ['/bots', '/gateways', '/instances', '/changes', '/tenants'].map((path) => server.call(root + path)),
    )

    expect(body).toMatchObject({ secret: expect.stringMatching(/^[\da-f]{64}$/), bots: [bot] })
    for (const { text } of seen) expect(text).not.toContain(String(body.secret))
  })

  it.each([
    ['/bots', {}],
    ['/bots', { driver: 'carrier-pigeon' }],
    ['/bots', { driver: 'telegram' }],
    ['/gateways', { tenant: '' }],
    ['/gateways', { tenant: 'acme', wakeUrl: 'file:///etc/passwd' }],
    ['/links', { tenant: 'acme' }],
    ['/bots/telegram/7000000001/sim/say', { userId: 7 }],
  ])('say what does not fit in %s %j', async (path, body) => {
    const server = await openServer()
    await addBot(server)

    const { status, body: problem } = await server.call(root + path, { body })

    expect([status, problem.code, typeof problem.message]).toEqual([
      400,
      expect.stringMatching(/^(?:kernel|relay)\./),
      'string',
    ])
  })

  it('are on the API page', async () => {
    const server = await openServer()
    const { paths } = (await server.call('/openapi.json')).body as Wire

    expect(paths[`${root}/gateways/{gatewayId}/rotate`]).toHaveProperty('post')
    expect(paths[`${root}/bots/{platform}/{botId}/sim/say`]).toHaveProperty('post')
    expect(paths['/relay/provision']).toHaveProperty('post')
  })
})
