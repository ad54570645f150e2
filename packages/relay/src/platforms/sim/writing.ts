// What users do, and what the connector is told of it.

import { relayErrors } from '../../errors.js'
import type { SimControls, SimMessage } from '../sim-port.js'
import type { Accepts } from './accepts.js'
import { assertCommand, assertSaid, refuse } from './checks.js'
import { entering } from './entering.js'
import type { SimEvent, SimInteraction, SimPress, SimUpdate } from './events.js'
import { simBounds } from './limits.js'
import { posted } from './post.js'
import type { Sim } from './sim.js'

/** Presses and commands leave it as requests with a token. */
const forwards = (platform: string): boolean => platform === 'discord'

/** A user writes. */
export async function say(
  sim: Sim,
  accepts: Accepts,
  said: Parameters<SimControls['say']>[0],
): Promise<SimMessage> {
  const { world } = await ready(sim)
  assertSaid(world, said)
  const { userId, chatId, messageId = sim.ids.next('msg') } = said
  const there = world.message(chatId, messageId)
  if (there && there.userId !== userId) refuse('messageId is taken')
  const { message, events } = there ? { message: there, events: [] } : written(sim, { ...said, messageId })
  const update: SimUpdate = { ...aRound(sim, chatId), kind: 'message', messageId }
  await accepts.commit(update.id, [...events, { type: 'sim.update.made', update }])
  return world.message(chatId, messageId) ?? message
}

function written(
  sim: Sim,
  said: Parameters<SimControls['say']>[0] & { messageId: string },
): { message: SimMessage; events: SimEvent[] } {
  const { userId, chatId, messageId, text, replyTo = null, media = [] } = said
  const message: SimMessage = {
    id: messageId,
    chatId,
    userId,
    text,
    at: sim.clock.now(),
    isEdited: false,
    isDeleted: false,
    replyTo,
    options: [],
    media: media.map(({ filename, mime, bytes }) => ({ filename, mime, size: bytes.length })),
    reactions: [],
  }
  const files = media.map(({ bytes }) => Buffer.from(bytes).toString('base64'))
  const event: SimEvent = { type: 'sim.message.posted', message, ...(files.length > 0 && { files }) }
  return { message, events: [...entering(sim.feed.world, said), event] }
}

/** A user presses a control. */
export async function press(
  sim: Sim,
  accepts: Accepts,
  { userId, chatId, messageId, optionId }: Parameters<SimControls['press']>[0],
): Promise<void> {
  const { world } = await ready(sim)
  assertSaid(world, { userId, chatId, text: '' })
  const option = world.message(chatId, messageId)?.options.find(({ id }) => id === optionId)
  if (!option) return refuse('there is no such control')
  const round = aRound(sim, chatId)
  const pressed = { userId, messageId, token: option.token, label: option.label }
  const own: SimPress = { kind: 'press', ...pressed }
  const entered = entering(world, { userId, chatId })
  if (!forwards(sim.identity.platform)) {
    const update: SimUpdate = { ...round, ...own }
    return await accepts.commit(round.id, [...entered, { type: 'sim.update.made', update }])
  }
  const update: SimUpdate = { ...round, kind: 'interaction', userId, press: own }
  const created = interaction(round, null)
  await accepts.commit(round.id, [...entered, created, { type: 'sim.update.made', update }])
}

/** A user types a command of the platform's own. */
export async function command(
  sim: Sim,
  accepts: Accepts,
  { userId, chatId, name, options = [] }: Parameters<SimControls['command']>[0],
): Promise<void> {
  const { world } = await ready(sim)
  assertCommand(name, options)
  if (!forwards(sim.identity.platform)) {
    const text = ['/'.concat(name), ...options.map(({ value }) => value)].join(' ')
    await say(sim, accepts, { userId, chatId, text })
    return
  }
  assertSaid(world, { userId, chatId, text: '' })
  const chat = world.chats.get(chatId)?.chat
  if (!chat) return refuse('there is no such chat')
  const round = aRound(sim, chatId)
  // What Discord shows as thinking, until the first follow-up takes its place.
  const placeholder = posted(sim, chat, { text: '…' }, null)
  const update: SimUpdate = { ...round, kind: 'interaction', userId, command: { name, options } }
  await accepts.commit(round.id, [
    ...entering(world, { userId, chatId }),
    placeholder,
    interaction(round, placeholder.message.id),
    { type: 'sim.update.made', update },
  ])
}

function interaction(
  { id, chatId, at }: { id: string; chatId: string; at: number },
  placeholderId: string | null,
): SimEvent {
  const created: SimInteraction = { id, chatId, placeholderId, at }
  return { type: 'sim.interaction.created', interaction: created }
}

/** A new update: chance decides how it travels. */
function aRound({ ids, clock, faults, feed }: Sim, chatId: string) {
  if (feed.world.updates.size >= simBounds.updates)
    throw relayErrors.rateLimited({ message: 'too many updates wait for the connector' })
  const { duplicateShare, reorderShare } = faults.current
  return {
    id: ids.next('upd'),
    chatId,
    at: clock.now(),
    isDouble: faults.happens(duplicateShare),
    isLate: faults.happens(reorderShare),
  }
}

async function ready({ feed }: Sim) {
  await feed.ready()
  return feed
}
