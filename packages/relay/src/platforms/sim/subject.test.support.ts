import type { Log } from '@parley/kernel/log'
import { eventually, type FakeClock, fakeClock, fakeIds, type TestGround } from '@parley/testkit'
import type { Delivered, PlatformSubject, Shown } from '../conformance.js'
import type { Place } from '../port.js'
import type { SimBot, SimChat, SimMessage } from '../sim-port.js'
import { simDriver } from './driver.js'
import { streamOf, toDraft } from './events.js'
import { tokenMark } from './interactions.js'

/** A bot on a simulated platform of this name, with ada, ben and a stranger, a direct chat and a group. */
export async function simSubject(ground: TestGround, platform: string): Promise<PlatformSubject> {
  const clock = fakeClock()
  const opened = await ground.open({ clock, ids: fakeIds() })
  const identity = { platform, botId: '7000000001' }
  const reported: unknown[] = []
  const held = holdable(opened.ground.log)
  const bot = simDriver().open({
    ...identity,
    label: '',
    settings: { username: 'parley_bot' },
    credentials: {},
    clock,
    ids: opened.ground.ids,
    log: held.log,
    onFault: (error) => reported.push(error),
  })
  const group = await people(bot, platform)
  const parts = { bot, identity, clock, log: opened.ground.log, group, held }
  return {
    bot,
    identity,
    people: { ada: 'ada', ben: 'ben', stranger: 'stranger' },
    chats: { direct: { chatId: 'd1', scopeId: null }, group: { chatId: group.id, scopeId: group.scopeId } },
    canaries: () => [tokenMark],
    reported: () => reported,
    start: (sink) => bot.start(sink),
    ...acting(parts),
    ...looking(parts),
    ...failing(parts),
    close: async () => {
      held.release()
      await bot.stop()
      await opened.close()
    },
  }
}

type Parts = {
  bot: SimBot
  identity: { platform: string; botId: string }
  clock: FakeClock
  log: Log
  group: SimChat
  held: ReturnType<typeof holdable>
}

async function people({ sim }: SimBot, platform: string): Promise<SimChat> {
  for (const id of ['ada', 'ben', 'stranger']) await sim.addUser({ id, name: id })
  await sim.addChat({ id: 'd1', type: 'dm', name: 'ada', scopeId: null, parentId: null, members: ['ada'] })
  const common = { id: 'g1', name: 'ops', parentId: null }
  const isTelegram = platform === 'telegram'
  if (!isTelegram) await sim.addScope({ id: 's1', name: 'a team', members: ['ada', 'ben'] })
  const group: SimChat = isTelegram
    ? { ...common, type: 'forum', scopeId: null, members: ['ada', 'ben'] }
    : { ...common, type: 'group', scopeId: 's1', members: null }
  await sim.addChat(group)
  return group
}

/** What users do. */
function acting({ bot: { sim }, identity, clock, log }: Parts) {
  let count = 0

  const delivered = (messageId: string, done: Promise<unknown>): Delivered => {
    let isAccepted = false
    done.then(
      () => {
        isAccepted = true
      },
      () => {},
    )
    return { messageId, isAccepted: () => isAccepted }
  }

  const remove = async ({ chatId }: Place, messageId: string): Promise<void> => {
    const drafts = [toDraft({ type: 'sim.message.deleted', chatId, messageId })]
    await log.commit({ ops: [], appends: [{ stream: streamOf(identity), drafts }] })
    await eventually(() => sim.messages(chatId).find(({ id }) => id === messageId)?.isDeleted)
  }

  return {
    remove,
    write: async ({ by, chat, text, replyTo, isMention, file }) => {
      const messageId = `u${++count}`
      const said = { userId: by, chatId: chat.chatId, messageId, replyTo, ...(file && { media: [file] }) }
      const done = sim.say({ ...said, text: isMention ? `@parley_bot ${text}` : text })
      const isThere = eventually(() => sim.messages(chat.chatId).some(({ id }) => id === messageId))
      await Promise.race([done, isThere])
      return delivered(messageId, done)
    },
    redeliver: async (chat, messageId) => {
      const message = sim.messages(chat.chatId).find(({ id }) => id === messageId)
      await sim.say({ chatId: chat.chatId, messageId, userId: message?.userId ?? '', text: 'another text' })
    },
    press: async ({ by, chat, messageId, button }) => {
      const message = sim.messages(chat.chatId).find(({ id }) => id === messageId)
      const optionId = message?.options[button]?.id ?? ''
      return delivered('', sim.press({ userId: by, chatId: chat.chatId, messageId, optionId }))
    },
    ...(identity.platform === 'discord' && {
      command: async ({ by, chat, name, value }) =>
        delivered(
          '',
          sim.command({ userId: by, chatId: chat.chatId, name, options: [{ name: 'x', value }] }),
        ),
    }),
    retry: () => clock.advance(60_000),
  } satisfies Partial<PlatformSubject>
}

/** What users see. */
function looking({ bot: { sim }, identity, log }: Parts) {
  const toShown = (message: SimMessage): Shown => ({
    id: message.id,
    text: message.text,
    isOwn: message.userId === null,
    replyTo: message.replyTo,
    buttons: message.options.map(({ label }) => label),
    files: message.media,
    reactions: message.reactions.filter(({ by }) => by === identity.botId).map(({ emoji }) => emoji),
  })

  return {
    shown: async ({ chatId }) =>
      sim
        .messages(chatId)
        .filter(({ isDeleted }) => !isDeleted)
        .map(toShown),
    isTyping: async ({ chatId }) => sim.typing().some((one) => one.chatId === chatId),
    called: async ({ chatId }, messageId) => {
      const text = sim.messages(chatId).find(({ id }) => id === messageId)?.text ?? '@everyone'
      return text.match(/@(everyone|here)|<@&/g)?.length ?? 0
    },
    threadName: async ({ id }) => sim.chats.find((chat) => chat.id === id)?.name,
    renameThread: async ({ id }, name) => {
      const chat = sim.chats.find((one) => one.id === id)
      if (chat) await sim.addChat({ ...chat, name })
    },
    commands: async () => {
      const { events } = await log.read(streamOf(identity), { after: 0, limit: 10_000 })
      const writes = events.filter(({ type }) => type === 'sim.commands.set').length
      return { now: sim.commands, writes }
    },
  } satisfies Partial<PlatformSubject>
}

/** What goes wrong. */
function failing({ bot, group, held }: Parts) {
  return {
    faults: ['down', 'limited', 'hangs'],
    hanging: () => held.waiting(),
    answer: async (how) => {
      held.release()
      const isLimited = typeof how === 'object'
      bot.sim.faults({ outage: how === 'down', callsPerSecond: isLimited ? 1 : 0 })
      if (how === 'hangs') held.hold()
      // Takes the only seat of this second.
      const action = { op: 'react', chat_id: group.id, message_id: 'none', emoji: '👍' } as const
      if (isLimited) await bot.perform(action, { signal: new AbortController().signal })
    },
  } satisfies Partial<PlatformSubject>
}

/** A log whose commits can be made to wait. */
function holdable(log: Log) {
  let waiting = 0
  let gate: Promise<void> | undefined
  let release = (): void => {}
  return {
    waiting: () => waiting,
    hold: () => {
      gate = new Promise((resolve) => {
        release = resolve
      })
    },
    release: () => {
      gate = undefined
      release()
    },
    log: new Proxy(log, {
      get: (target, name) => {
        if (name !== 'commit') return Reflect.get(target, name) as unknown
        return async (...args: Parameters<Log['commit']>) => {
          waiting += 1
          await gate
          waiting -= 1
          return await target.commit(...args)
        }
      },
    }),
  }
}
