import { testGrounds } from '@parley/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ids } from './fake-world.test.support.js'
import { discordSetting, type Setting } from './setting.test.support.js'

const memory = (await testGrounds())[0]!
let setting: Setting
beforeEach(async () => {
  setting = await discordSetting(memory)
})
afterEach(() => setting.close())
const { signal } = new AbortController()

describe('what a bot is opened with', () => {
  it.each([
    { token: '' },
    { token: 'Bot abc' },
    { token: 'abc\r\nx: y' },
    { publicKey: 'abc' },
    { publicKey: 'g'.repeat(64) },
    { settings: { apiBase: 'file:///etc' } },
    { settings: { gatewayUrl: 'https://gateway.example' } },
    { settings: { applicationId: '../1' } },
    { settings: { applicationId: 5 } },
  ])('does not fit when it is %j', (change) => {
    expect(() => setting.open(change)).toThrow(expect.objectContaining({ code: 'relay.invalid_request' }))
  })

  it('asks Discord nothing', () => {
    expect(setting.fake.calls).toEqual([])
  })
})

describe('the check', () => {
  it('says who the bot is', async () => {
    expect(await setting.bot.check(signal)).toEqual({ botId: ids.bot, username: 'parley' })
  })

  it.each([
    { publicKey: '0'.repeat(64) },
    { settings: { applicationId: '1180000000000000009' } },
    { token: 'wrong' },
  ])('refuses %j', async (change) => {
    const bot = setting.open({ ...change, settings: { apiBase: setting.fake.apiBase, ...change.settings } })

    for (const _ of [1, 2])
      await expect(bot.check(signal)).rejects.toMatchObject({ code: 'relay.credential_refused' })
  })

  it('asks again for a token that was refused before', async () => {
    const headers = { 'content-type': 'application/json' }
    setting.fake.trouble = {
      kind: 'status',
      status: 401,
      body: '{"message":"401: Unauthorized","code":0}',
      headers,
    }
    await expect(setting.bot.check(signal)).rejects.toMatchObject({ code: 'relay.credential_refused' })
    setting.fake.trouble = undefined

    expect(await setting.bot.check(signal)).toMatchObject({ botId: ids.bot })
  })

  it('does not blame the credential when Discord is down', async () => {
    setting.fake.trouble = { kind: 'breaks' }

    await expect(setting.bot.check(signal)).rejects.toMatchObject({ code: 'relay.unavailable' })
  })
})

describe('commands', () => {
  const options = [
    { type: 3, name: 'name', description: 'Which', required: false, choices: [{ value: 'a', name: 'A' }] },
  ]
  const manifest = [{ name: 'model', description: 'Choose', options }]

  it('are the same when only what Discord puts in by itself differs', async () => {
    await setting.bot.setCommands!(manifest)
    const [command] = setting.fake.world.commands as [{ options: Record<string, unknown>[] }]
    const [{ required: _, ...option } = {}] = command.options
    command.options = [{ ...option, name_localizations: null }]

    await setting.bot.setCommands!(manifest)
    expect(setting.fake.world.commandWrites).toBe(1)
    const other = [{ ...manifest[0]!, options: [{ ...options[0], required: true }] }]
    await setting.bot.setCommands!(other)
    expect(setting.fake.world.commandWrites).toBe(2)
  })

  // proves: relay.s18
  it('leave entries of menus where they are', async () => {
    setting.fake.world.commands = [{ id: '900000000000000071', type: 3, name: 'Summarise', description: '' }]

    await setting.bot.setCommands!(manifest)
    await setting.bot.setCommands!([])

    expect(setting.fake.world.commands).toMatchObject([{ id: '900000000000000071', name: 'Summarise' }])
  })

  it('are for the application that the settings name, else the token’s own', async () => {
    const settings = { apiBase: setting.fake.apiBase, applicationId: '1180000000000000009' }
    await setting.open({ settings }).setCommands!([])
    await setting.bot.setCommands!([])

    expect(setting.fake.calls).toEqual([
      'GET /applications/1180000000000000009/commands',
      'GET /applications/@me',
      `GET /applications/${ids.application}/commands`,
    ])
  })

  it('that Discord refuses are told in words without the token', async () => {
    setting.fake.trouble = { kind: 'status', status: 500, body: '' }

    await expect(setting.bot.setCommands!(manifest)).rejects.toThrow(/could not be set/)
  })
})

it('describes chats by their kind', async () => {
  const { world } = setting.fake
  const [thread, forum] = [world.nextId(), world.nextId()]
  world.channels.set(thread, {
    id: thread,
    type: 11,
    name: 'plan',
    parent_id: ids.group,
    guild_id: ids.guild,
  })
  world.channels.set(forum, { id: forum, type: 15, name: 'ideas', guild_id: ids.guild })
  const infos = await Promise.all(
    [ids.group, ids.direct, thread, forum, '../1'].map((id) => setting.bot.chatInfo(id, { signal })),
  )

  expect(infos).toEqual([
    { name: 'ops', type: 'group', scopeId: ids.guild },
    { name: 'ada by name', type: 'dm' },
    { name: 'plan', type: 'thread', scopeId: ids.guild },
    { name: 'ideas', type: 'forum', scopeId: ids.guild },
    undefined,
  ])
})
