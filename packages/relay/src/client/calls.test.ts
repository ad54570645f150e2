import { expect, test } from 'vitest'
import { operatorRoutes, simRoutes } from '../protocol/index.js'
import { fakeServer } from './fake-server.test.support.js'
import { createRelayClient } from './index.js'

const bot = { platform: 'telegram', botId: '7/ä' }
const botView = {
  ...bot,
  driver: 'sim',
  label: 'Bot',
  username: null,
  tenants: null,
  isEnabled: true,
  health: { state: 'well' },
  provisioned: ['acme'],
  edgePath: null,
  createdAt: '2026-01-01T00:00:00.000000Z',
}
const enrolled = { secret: 's', deliveryKey: 'd', tenant: 'acme', gatewayId: 'gw-1' }
const expiresAt = '2026-01-01T00:00:00.000000Z'
const link = {
  tenant: 'acme',
  instanceId: 'i',
  platform: 'telegram',
  userId: '5',
  linkedAt: expiresAt,
  isDmDefault: false,
}
const receipt = {
  ...bot,
  id: 'rcp_1',
  tenant: 'acme',
  instanceId: 'i',
  gatewayId: 'gw-1',
  op: 'send',
  chatId: 'c',
  preview: 'Hello',
  state: 'dead' as const,
  attempts: 1,
  messageId: null,
  rung: null,
  error: 'refused',
  createdAt: expiresAt,
  updatedAt: expiresAt,
}
const message = {
  id: 'm1',
  chatId: 'c',
  userId: 'u',
  text: 'Hi',
  at: 1,
  isEdited: false,
  isDeleted: false,
  replyTo: null,
  options: [],
  media: [],
  reactions: [],
}
const world = {
  users: [],
  scopes: [],
  chats: [],
  commands: [],
  typing: [],
  faults: { outage: false, ambiguousShare: 0, duplicateShare: 0, reorderShare: 0, callsPerSecond: 0 },
}

type Client = ReturnType<typeof createRelayClient>
type Case = [call: (client: Client) => Promise<unknown>, asked: string, answer?: unknown, body?: unknown]

/** What each method asks for, and what it is answered. Lists are answered in `items`. */
const cases: Record<Exclude<keyof Client, 'sim' | 'watch'>, Case> = {
  listPlatforms: [(client) => client.listPlatforms(), 'GET /platforms', []],
  listBots: [(client) => client.listBots({ tenant: 'a&b' }), 'GET /bots?tenant=a%26b', [botView]],
  addBot: [(client) => client.addBot({ driver: 'sim' }), 'POST /bots', botView, { driver: 'sim' }],
  changeBot: [
    (client) => client.changeBot(bot, { tenants: null }),
    'PATCH /bots/telegram/7%2F%C3%A4',
    botView,
    { tenants: null },
  ],
  removeBot: [(client) => client.removeBot(bot), 'DELETE /bots/telegram/7%2F%C3%A4'],
  testBot: [(client) => client.testBot(bot), 'POST /bots/telegram/7%2F%C3%A4/test', { ok: true, detail: '' }],
  listGateways: [(client) => client.listGateways(), 'GET /gateways', []],
  enrollGateway: [
    (client) => client.enrollGateway({ tenant: 'acme' }),
    'POST /gateways',
    { ...enrolled, instanceId: 'i', bots: [bot] },
    { tenant: 'acme' },
  ],
  createEnrolmentToken: [
    (client) => client.createEnrolmentToken({ tenant: 'acme' }),
    'POST /enrolment-tokens',
    { token: 't', tenant: 'acme', expiresAt },
    { tenant: 'acme' },
  ],
  rotateGateway: [(client) => client.rotateGateway('gw 1'), 'POST /gateways/gw%201/rotate', enrolled],
  revokeGateway: [(client) => client.revokeGateway('gw-1'), 'DELETE /gateways/gw-1'],
  listInstances: [(client) => client.listInstances({}), 'GET /instances', []],
  listTenants: [(client) => client.listTenants(), 'GET /tenants', []],
  listLinks: [(client) => client.listLinks({ tenant: 'acme' }), 'GET /links?tenant=acme', [link]],
  createLinkCode: [
    (client) => client.createLinkCode({ tenant: 'acme', instanceId: 'i', platform: 'telegram' }),
    'POST /link-codes',
    { code: 'ABCD-EFGH', expiresAt },
    { tenant: 'acme', instanceId: 'i', platform: 'telegram' },
  ],
  link: [
    (client) => client.link({ tenant: 'acme', instanceId: 'i', platform: 'telegram', userId: '5' }),
    'POST /links',
    link,
    { tenant: 'acme', instanceId: 'i', platform: 'telegram', userId: '5' },
  ],
  unlink: [
    (client) => client.unlink({ tenant: 'a/b', platform: 'telegram', userId: '5' }),
    'DELETE /links/a%2Fb/telegram/5',
  ],
  listScopes: [
    (client) => client.listScopes(),
    'GET /scopes',
    [{ kind: 'route', tenant: 'acme', platform: 'discord', key: '9' }],
  ],
  listPolicies: [
    (client) => client.listPolicies(),
    'GET /policies',
    [{ tenant: 'a', instanceId: 'i', platform: 'discord', principals: { policy: 'any', userIds: [] } }],
  ],
  listReceipts: [
    (client) => client.listReceipts({ state: 'dead', limit: 5, before: undefined }),
    'GET /receipts?state=dead&limit=5',
    { receipts: [receipt], next: null },
  ],
  countReceipts: [
    (client) => client.countReceipts(),
    'GET /receipts/counts',
    { queued: 0, sent: 1, confirmed: 0, parked: 0, dead: 0 },
  ],
  retryReceipt: [(client) => client.retryReceipt('rcp_1'), 'POST /receipts/rcp_1/retry', receipt],
  listDecisions: [(client) => client.listDecisions({ limit: 3 }), 'GET /decisions?limit=3', []],
  listChanges: [
    (client) => client.listChanges(),
    'GET /changes',
    [{ at: expiresAt, type: 'relay.bot.added', tenant: null, by: 'user:ann', detail: { label: 'x' } }],
  ],
  listConversations: [(client) => client.listConversations(), 'GET /conversations', []],
  counts: [(client) => client.counts(), 'GET /counts', { pokes: 2 }],
}

for (const [name, [call, asked, answer, body]] of Object.entries(cases))
  test(`${name} asks for ${asked} and reads the answer`, async () => {
    const server = fakeServer(Array.isArray(answer) ? { items: answer } : answer)
    const client = createRelayClient({ baseUrl: 'https://p.example/', token: 'key', fetch: server.fetch })

    expect(await call(client)).toEqual(answer)
    expect(server.asked).toEqual([`${asked.replace(' ', ' https://p.example/parley/v1/relay')}`])
    expect(server.bodies).toEqual([body])
    expect(server.bearers).toEqual(['Bearer key'])
  })

test('every route of the table is asked for by the method of its name', () => {
  expect(Object.keys(cases).sort()).toEqual(Object.keys(operatorRoutes).sort())
  for (const [name, [, asked]] of Object.entries(cases)) {
    const { method, path } = operatorRoutes[name as keyof typeof operatorRoutes]
    const pattern = path.replace(/:[A-Za-z]+/g, '[^/?]+')
    expect(asked).toMatch(new RegExp(`^${method} ${pattern}(\\?|$)`))
  }
})

test('a simulated world is asked for below its bot', async () => {
  const server = fakeServer(undefined)
  const sim = createRelayClient({ baseUrl: 'https://p.example', fetch: server.fetch }).sim(bot)
  const answered = async (answer: unknown, call: () => Promise<unknown>) => {
    server.answer = answer
    return await call()
  }
  const user = { id: 'u', name: 'Ann' }
  const scope = { id: 's', name: 'S', members: ['u'] }
  const chat = { id: 'c', type: 'group' as const, name: 'C', scopeId: 's', parentId: null, members: null }

  expect(await answered(world, sim.world)).toEqual(world)
  const messages = { items: [message] }
  expect(await answered(messages, () => sim.messages({ chatId: 'c', after: 'm0' }))).toEqual([message])
  expect(await answered(message, () => sim.say({ userId: 'u', chatId: 'c', text: 'Hi' }))).toEqual(message)
  expect(await answered(world.faults, () => sim.faults({ outage: true }))).toEqual(world.faults)
  const pressed = { userId: 'u', chatId: 'c', messageId: 'm', optionId: 'o' }
  for (const call of [
    () => sim.addUser(user),
    () => sim.addScope(scope),
    () => sim.addChat(chat),
    () => sim.press(pressed),
    () => sim.command({ userId: 'u', chatId: 'c', name: 'new' }),
  ])
    expect(await answered(undefined, call)).toBeUndefined()

  const below = 'https://p.example/parley/v1/relay/bots/telegram/7%2F%C3%A4/sim'
  expect(server.asked).toEqual([
    `GET ${below}`,
    `GET ${below}/messages?chatId=c&after=m0`,
    `POST ${below}/say`,
    `PATCH ${below}/faults`,
    `POST ${below}/users`,
    `POST ${below}/scopes`,
    `POST ${below}/chats`,
    `POST ${below}/press`,
    `POST ${below}/command`,
  ])
  expect(server.asked.length).toBe(Object.keys(simRoutes).length)
  expect(server.bodies[7]).toEqual(pressed)
})
