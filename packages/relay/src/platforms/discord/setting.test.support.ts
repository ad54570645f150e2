import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { type FakeClock, fakeClock, fakeIds, type TestGround } from '@parley/testkit'
import type { EdgeRequest, OpenBotOptions, PlatformBot } from '../port.js'
import { discordDriver } from './driver.js'
import { type FakeDiscord, fakeDiscord } from './fake-discord.test.support.js'
import { ids } from './fake-world.test.support.js'

export const botToken = 'bot-token-canary.abc.def'
export const tokenMark = 'interaction-token-canary'
export const identity = { platform: 'discord', botId: ids.bot }
export const group = { chatId: ids.group, scopeId: ids.guild }
export const direct = { chatId: ids.direct, scopeId: null }

export type Setting = {
  fake: FakeDiscord
  bot: PlatformBot
  clock: FakeClock
  reported: unknown[]
  privateKey: KeyObject
  publicKey: string
  open(change?: { token?: string; settings?: OpenBotOptions['settings']; publicKey?: string }): PlatformBot
  close(): Promise<void>
}

/** A bot on a fake Discord of its own. */
export async function discordSetting(ground: TestGround): Promise<Setting> {
  const clock = fakeClock()
  const opened = await ground.open({ clock, ids: fakeIds() })
  const fake = await fakeDiscord(botToken)
  const keys = generateKeyPairSync('ed25519')
  const publicKey = Buffer.from(keys.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('hex')
  fake.world.verifyKey = publicKey
  const reported: unknown[] = []
  const bots: PlatformBot[] = []
  const open: Setting['open'] = ({ token = botToken, settings = {}, publicKey: key = publicKey } = {}) => {
    const bot = discordDriver().open({
      ...identity,
      label: '',
      settings: { apiBase: fake.apiBase, ...settings },
      credentials: { token, ...(key && { publicKey: key }) },
      clock,
      ids: opened.ground.ids,
      log: opened.ground.log,
      onFault: (error) => reported.push(error),
    })
    bots.push(bot)
    return bot
  }
  return {
    fake,
    bot: open(),
    clock,
    reported,
    privateKey: keys.privateKey,
    publicKey,
    open,
    close: async () => {
      await Promise.all(bots.map((bot) => bot.stop()))
      await fake.close()
      await opened.close()
    },
  }
}

/** A request with Discord's signature. */
export function signed(
  privateKey: KeyObject,
  body: unknown,
  path = `/interactions/discord/${ids.bot}`,
): EdgeRequest {
  const bytes = new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body))
  const timestamp = '1767225600'
  const signature = sign(null, Buffer.concat([Buffer.from(timestamp), bytes]), privateKey).toString('hex')
  const headers = new Headers({
    'content-type': 'application/json',
    'x-signature-ed25519': signature,
    'x-signature-timestamp': timestamp,
  })
  return { method: 'POST', path, headers, body: bytes }
}

/** An interaction's body, with a token that the fake knows. */
export function interaction(
  { world }: FakeDiscord,
  {
    by,
    channelId,
    ...rest
  }: { by: string; channelId: string; type: number; data?: unknown; message?: { id: string } },
) {
  const id = world.nextId()
  const token = `${tokenMark}-${id}`
  // What a press belongs to is the message with the button.
  world.interactions.set(token, { channelId, originalId: rest.message?.id })
  const user = world.users.get(by)
  const channel = world.channels.get(channelId)
  const guildId = channel?.guild_id
  return {
    id,
    application_id: ids.application,
    version: 1,
    token,
    channel_id: channelId,
    channel,
    ...(guildId === undefined
      ? { user }
      : { guild_id: guildId, member: { user, nick: 'a nick', roles: [] } }),
    ...rest,
  }
}

/** https://docs.discord.com/developers/topics/rate-limits#exceeding-a-rate-limit */
export const limitedFor = (ms: number) => ({
  kind: 'status' as const,
  status: 429,
  body: JSON.stringify({ message: 'You are being rate limited.', retry_after: ms / 1_000, global: false }),
  headers: {
    'content-type': 'application/json',
    'retry-after': String(ms / 1_000),
    'x-ratelimit-limit': '5',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset-after': String(ms / 1_000),
    'x-ratelimit-bucket': 'abcd1234',
    'x-ratelimit-scope': 'user',
  },
})
