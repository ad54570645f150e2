import { testGrounds } from '@parley/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FakeChannel, type FakeGuild, ids } from './fake-world.test.support.js'
import { discordSetting, type Setting } from './setting.test.support.js'

const memory = (await testGrounds())[0]!
let setting: Setting
beforeEach(async () => {
  setting = await discordSetting(memory)
})
afterEach(() => setting.close())

const [view, admin, manageThreads] = [1n << 10n, 1n << 3n, 1n << 34n].map(String) as [string, string, string]
const group = { chatId: ids.group, scopeId: ids.guild }
const role = '900000000000000051'
const other = '900000000000000052'
const sees = (userId: string = ids.ada, place: { chatId: string; scopeId: string | null } = group) =>
  setting.bot.canView(userId, place)

function arrange(change: {
  everyone?: string
  roles?: FakeGuild['roles']
  adaHas?: string[]
  overwrites?: FakeChannel['permission_overwrites']
}) {
  const { guild, channels } = setting.fake.world
  guild.roles = [{ id: guild.id, permissions: change.everyone ?? view }, ...(change.roles ?? [])]
  guild.members.find(({ user }) => user.id === ids.ada)!.roles = change.adaHas ?? []
  channels.get(ids.group)!.permission_overwrites = change.overwrites ?? []
}
const deny = (id: string, type = 0) => ({ id, type, allow: '0', deny: view })
const allow = (id: string, type = 0) => ({ id, type, allow: view, deny: '0' })

describe('a channel is seen', () => {
  it.each([
    ['by everybody who may', {}, 'yes'],
    ['by nobody who may not', { everyone: '0' }, 'no'],
    [
      'by a role that may',
      { everyone: '0', roles: [{ id: role, permissions: view }], adaHas: [role] },
      'yes',
    ],
    ['not by somebody else’s role', { everyone: '0', roles: [{ id: role, permissions: view }] }, 'no'],
    ['not where everybody is shut out', { overwrites: [deny(ids.guild)] }, 'no'],
    ['by a role that is let in there', { adaHas: [role], overwrites: [deny(ids.guild), allow(role)] }, 'yes'],
    ['not by a role that is shut out there', { adaHas: [role], overwrites: [deny(role)] }, 'no'],
    [
      'by whoever has one role that is let in and one that is shut out',
      { adaHas: [role, other], overwrites: [deny(role), allow(other)] },
      'yes',
    ],
    ['by a member who is let in there', { overwrites: [deny(ids.guild), allow(ids.ada, 1)] }, 'yes'],
    [
      'not by a member who is shut out there, whatever their role',
      { adaHas: [role], overwrites: [allow(role), deny(ids.ada, 1)] },
      'no',
    ],
    [
      'not by a member because another one is let in',
      { everyone: '0', overwrites: [allow(ids.ben, 1)] },
      'no',
    ],
    [
      'by an administrator everywhere',
      {
        roles: [{ id: role, permissions: admin }],
        adaHas: [role],
        overwrites: [deny(ids.guild), deny(role)],
      },
      'yes',
    ],
    ['by nobody knows whom, when its permissions are none', { everyone: 'x' }, 'unknown'],
  ] as const)('%s', async (_, change, expected) => {
    arrange(change as Parameters<typeof arrange>[0])

    expect(await sees()).toBe(expected)
  })

  it('by the guild’s owner everywhere', async () => {
    arrange({ everyone: '0', overwrites: [deny(ids.guild), deny(ids.owner, 1)] })

    expect(await sees(ids.owner)).toBe('yes')
  })

  it('by nobody who is not in the guild, nor under another guild’s name', async () => {
    expect(await sees(ids.stranger)).toBe('no')
    expect(await sees(ids.ada, { chatId: ids.group, scopeId: '900000000000000002' })).toBe('no')
    expect(await sees(ids.ada, { chatId: ids.group, scopeId: null })).toBe('no')
    expect(await sees('../@me')).not.toBe('yes')
    expect(setting.fake.calls.join()).not.toContain('@me')
  })

  it('when it is a direct one, by its one user', async () => {
    const place = { chatId: ids.direct, scopeId: null }

    expect([await sees(ids.ada, place), await sees(ids.ben, place)]).toEqual(['yes', 'no'])
  })
})

describe('a thread is seen', () => {
  const thread = (type: number, people: string[] = []) => {
    const id = setting.fake.world.nextId()
    setting.fake.world.channels.set(id, { id, type, parent_id: ids.group, guild_id: ids.guild, people })
    return { chatId: id, scopeId: ids.guild }
  }

  it('by whoever sees its channel', async () => {
    expect(await sees(ids.ada, thread(11))).toBe('yes')
  })

  it('not by whoever does not', async () => {
    arrange({ overwrites: [deny(ids.guild)] })

    expect(await sees(ids.ada, thread(11))).toBe('no')
  })

  it('when it is private, only by who is in it or may manage threads', async () => {
    const place = thread(12, [ids.ben])

    expect([await sees(ids.ada, place), await sees(ids.ben, place)]).toEqual(['no', 'yes'])
    arrange({ roles: [{ id: role, permissions: manageThreads }], adaHas: [role] })
    await setting.clock.advance(30_000)
    expect(await sees(ids.ada, place)).toBe('yes')
  })
})

describe('what Discord says', () => {
  it('is believed for half a minute, and not longer', async () => {
    expect(await sees()).toBe('yes')
    arrange({ everyone: '0' })
    const asked = setting.fake.calls.length

    await setting.clock.advance(29_999)
    expect(await sees()).toBe('yes')
    expect(setting.fake.calls).toHaveLength(asked)
    await setting.clock.advance(1)
    expect(await sees()).toBe('no')
  })

  it('is asked for anew when it could not be asked', async () => {
    setting.fake.trouble = { kind: 'status', status: 503, body: '' }
    expect(await sees()).toBe('unknown')
    setting.fake.trouble = undefined

    expect(await sees()).toBe('yes')
  })

  it('is nothing while the bot itself may not look', async () => {
    const headers = { 'content-type': 'application/json' }
    const body = '{"message":"Missing Access","code":50001}'
    setting.fake.trouble = { kind: 'status', status: 403, body, headers }

    expect(await sees()).toBe('unknown')
    expect(await setting.bot.isIn(group)).toBe('unknown')
    const { signal } = new AbortController()
    expect(await setting.bot.chatInfo(ids.group, { signal })).toBeUndefined()
  })

  it('is waited for some seconds', async () => {
    setting.fake.trouble = { kind: 'hangs' }
    const answer = sees()
    await expect.poll(() => setting.fake.hanging()).toBe(1)
    await setting.clock.advance(10_000)

    expect(await answer).toBe('unknown')
    expect(setting.clock.pending).toBe(0)
  })
})
