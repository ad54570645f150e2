import { inspect } from 'node:util'
import type { Ground } from '@parley/kernel/ground'
import { eventually, fakeClock } from '@parley/testkit'
import { expect, onTestFinished, test, vi } from 'vitest'
import { fakeTelegram } from '../support/fake-telegram.js'
import type { Peer } from '../support/peer.js'
import { type Answer, bothGrounds, discord, type Plane, planeOn } from '../support/plane.js'

const botId = '7000000009'
const secret = 'AAF-canary_of-the-bots-token-x7'
const telegram = { platform: 'telegram', botId }

/** A text as it may have been written: itself, percent-encoded, and inside of base64 wherever it begins. */
function shapesOf(canary: string): string[] {
  const inBase64 = [0, 1, 2].map((before) =>
    Buffer.from(' '.repeat(before) + canary)
      .toString('base64')
      .slice(before === 0 ? 0 : 4, -4),
  )
  return [canary, encodeURIComponent(canary), Buffer.from(canary).toString('hex'), ...inBase64]
}

/** Every row of every table, as text. */
async function everyRow({ db }: Ground): Promise<string> {
  // biome-ignore lint/suspicious/noExplicitAny: whatever tables there are.
  const tables = db.tables<any>()
  const names = (await tables.introspection.getTables()).map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['events', 'relay_bots', 'relay_vault', 'relay_receipts']))
  const rows = await Promise.all(names.map((name) => tables.selectFrom(name).selectAll().execute()))
  return rows.flat().map(textOf).join('\n')
}

const textOf = (row: object): string =>
  Object.values(row)
    .map((value) =>
      value instanceof Uint8Array
        ? Buffer.from(value).toString('latin1')
        : typeof value === 'object'
          ? JSON.stringify(value)
          : String(value),
    )
    .join(' ')

/** What was written to the console. */
function recordConsole(): () => string {
  const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation(() => undefined),
  )
  const outs = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write'))
  onTestFinished(() => {
    for (const spy of [...spies, ...outs]) spy.mockRestore()
  })
  return () => [...spies, ...outs].map(({ mock }) => inspect(mock.calls, { depth: 12 })).join('\n')
}

// proves: relay.s1, relay.f16, relay.f28
test.each(bothGrounds)('no credential of a platform is in anything that leaves, on $name', async (on) => {
  const written = recordConsole()
  const fake = await fakeTelegram(`${botId}:${secret}`)
  const clock = fakeClock()
  const opened = await on.open({ clock })
  onTestFinished(opened.close)
  const { bus } = opened.ground
  const busSpies = (['moved', 'signal', 'request'] as const).map((name) => vi.spyOn(bus, name))
  const plane = await planeOn(opened.ground, { clock, bots: [discord] })
  const answers: Answer[] = []
  const call: Plane['call'] = async (...asked) => {
    const answer = await plane.call(...asked)
    answers.push(answer)
    return answer
  }
  const { operator } = plane
  const credentials = { token: `${botId}:${secret}` }
  const added = await operator.addBot(
    {},
    { driver: 'telegram', credentials, settings: { apiRoot: fake.origin } },
  )
  expect(added).toMatchObject(telegram)
  const gateway = await plane.enrol('org-a', 'a')
  const stranger = await plane.enrol('org-b', 'b')
  await operator.link({}, { tenant: 'org-a', instanceId: 'inst-a', platform: 'telegram', userId: '55' })
  await operator.link({}, { tenant: 'org-a', instanceId: 'inst-a', platform: 'discord', userId: 'ana' })
  const peer = await plane.greet(gateway, discord, telegram)
  const other = await plane.greet(stranger, discord)
  peer.isAcking = true
  const views: unknown[] = [added]
  const look = async () =>
    views.push(
      await operator.listBots({}),
      await operator.listReceipts({}, { limit: 200 }),
      await operator.listDecisions({}, { limit: 500 }),
      await operator.listChanges({}, { limit: 500 }),
      await operator.listGateways({}),
      await operator.listInstances({}),
      operator.listPlatforms(),
      operator.counts(),
    )

  // What people send, with files that are to be had with the token alone.
  fake.write('hello')
  fake.write('', {
    text: undefined,
    caption: 'a report',
    document: {
      file_id: 'f1',
      file_unique_id: 'f1',
      file_name: 'report.txt',
      mime_type: 'text/plain',
      file_size: 10,
    },
  })
  const events = (await peer.got('inbound', 2)).map(({ event }) => event)
  const [url] = events[1].media_urls
  const read = await call(new URL(url).pathname, undefined, { method: 'GET', token: plane.tokenOf(gateway) })
  expect(read.text).toBe('the report')

  // What the agent does, while the platform is well and while it is not.
  const everything = actionsIn('55')
  for (const trouble of ['none', 'broken page', 'refusal', 'hangs up'] as const) {
    const faults = plane.faults.length
    fake.be(trouble)
    await plane.passing(() => plane.faults.length > faults)
    for (const action of everything) await plane.ask(peer, action, telegram)
    for (const action of everything) await plane.ask(other, action, telegram)
    views.push(await operator.testBot({}, telegram).catch((error: unknown) => error))
    await look()
  }
  fake.be('none')
  expect(fake.calls).toEqual(expect.arrayContaining(['getMe', 'getUpdates', 'getFile', 'sendMessage']))
  for (const wrong of [`${botId}:wrong-${secret}`, 'nonsense'])
    views.push(
      await operator
        .addBot({}, { driver: 'telegram', credentials: { token: wrong }, settings: { apiRoot: fake.origin } })
        .catch((error: unknown) => error),
    )

  // Interactions, whose token can act as the bot.
  await plane.sim().say({ userId: 'ana', chatId: 'C1', scopeId: 'G1', text: 'hi' })
  for (const name of ['status', 'new', 'link'])
    await plane.sim().command({ userId: 'ana', chatId: 'C1', name })
  await peer.got('passthrough_forward', 2)
  const followUp = {
    op: 'follow_up',
    session_key: 'agent:main:discord:group:C1:ana',
    kind: 'discord.interaction_token',
    content: 'x',
  }
  expect(await plane.ask(peer, followUp)).toMatchObject({ success: true })
  await plane.ask(other, followUp)
  plane.sim().faults({ ambiguousShare: 1 })
  await plane.ask(peer, followUp)
  plane.sim().faults({ ambiguousShare: 0, outage: true })
  await plane.ask(peer, followUp)
  plane.sim().faults({ outage: false })
  await hostile(peer)
  for (const path of [
    '/relay/policy',
    '/manage/link',
    '/relay/enroll',
    '/relay/media/x',
    `/relay/edge/telegram/${botId}`,
    `/interactions/telegram/${botId}`,
  ])
    for (const method of ['POST', 'GET'])
      await call(path, method === 'POST' ? '{' : undefined, { method, token: plane.tokenOf(gateway) })
  await look()
  const rows = await everyRow(plane.ground)
  await plane.stop()

  const left: Record<string, string> = {
    frames: [peer, other].map(({ texts, closed }) => texts.join('') + JSON.stringify(closed)).join(''),
    forwards: peer
      .of('passthrough_forward')
      .map(({ forward }) => Buffer.from(forward.bodyB64, 'base64').toString())
      .join('\n'),
    answers: answers.map(({ text, headers }) => text + JSON.stringify([...headers])).join('\n'),
    faults: inspect(plane.faults, { depth: 12, showHidden: true }),
    console: written(),
    'what operators see': inspect(views, { depth: 12, showHidden: true }),
    'the bus': inspect(
      busSpies.map(({ mock }) => mock.calls),
      { depth: 12 },
    ),
    rows,
  }
  expect(left.faults).toContain('Error')
  const canaries = [
    secret,
    `wrong-${secret}`,
    'sim-interaction-token',
    gateway.secret,
    stranger.secret,
    '5a'.repeat(32),
  ]
  for (const [where, text] of Object.entries(left))
    for (const canary of canaries)
      for (const shape of shapesOf(canary)) expect(text.includes(shape), `${shape} in ${where}`).toBe(false)
  // The search would find one.
  for (const shape of shapesOf(secret)) expect(`before ${shape} after`.includes(shape)).toBe(true)
  expect(left.frames).toContain('hello')
  expect(left.rows).toContain('relay.gateway.enrolled')
})

const actionsIn = (chat_id: string): object[] => [
  { op: 'send', chat_id, content: 'x' },
  { op: 'edit', chat_id, message_id: '101', content: 'y' },
  { op: 'delete', chat_id, message_id: '101' },
  { op: 'react', chat_id, message_id: '101', emoji: '👀' },
  { op: 'typing', chat_id },
  { op: 'get_chat_info', chat_id },
  { op: 'send_media', chat_id, media_kind: 'document', source_url: 'http://127.0.0.1/x', content: '' },
  {
    op: 'prompt',
    chat_id,
    prompt_kind: 'choice',
    prompt_id: 'p',
    content: '?',
    options: [{ id: 'a', label: 'A' }],
  },
  { op: 'thread_create', chat_id, thread_name: 'x' },
]

async function hostile(peer: Peer): Promise<void> {
  for (const line of ['not json', '[]', '{"type":"outbound","requestId":"x","action":{"op":"token"}}'])
    peer.sendText(`${line}\n`)
  await peer.read()
  await eventually(() => peer.of('outbound_result').length > 0)
}
