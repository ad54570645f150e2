import type { BotHealth, OpenBotOptions, PlatformSink } from '../port.js'
import type { SimBot } from '../sim-port.js'
import { createControls } from './controls.js'
import { type SimEvent, type SimUpdate, streamOf } from './events.js'
import { Faults } from './faults.js'
import { WorldFeed } from './feed.js'
import { toForward } from './interactions.js'
import { simDescriptor, simLimits } from './limits.js'
import { type Told, toPlatformMessage, toPressMessage } from './messages.js'
import { createPerform } from './perform.js'
import { canView, isDirect, isIn, toPlatformChat } from './places.js'
import { createReads } from './reads.js'
import type { Sim } from './sim.js'
import { Updates } from './updates.js'

/** Opens one simulated bot: its world is read from the log at once. */
export function openSim(options: OpenBotOptions, settings: { username?: string }): SimBot {
  const { platform, botId, label, clock, ids, log, onFault } = options
  const identity = { platform, botId }
  const feed = new WorldFeed({ log, stream: streamOf(identity), clock, onFault })
  const sim: Sim = {
    identity,
    username: settings.username ?? (label || botId),
    descriptor: simDescriptor(platform, label),
    limits: simLimits(platform),
    feed,
    faults: new Faults(ids),
    clock,
    ids,
    onFault,
  }
  const { controls, stop } = createControls(sim)
  const { world } = feed
  const delivery = createDelivery(sim)

  const after = async <T>(read: () => T): Promise<T> => {
    await feed.ready()
    return read()
  }

  return {
    descriptor: sim.descriptor,
    limits: sim.limits,
    sim: controls,
    perform: createPerform(sim),
    ...createReads(sim),
    canView: (userId, place) => after(() => canView(world, userId, place)),
    isIn: (place) => after(() => isIn(world, place)),
    isDirect: (chatId, userId) => after(() => isDirect(world, chatId, userId)),
    start: (sink) => delivery.start(sink),
    setCommands: async (manifest) => {
      await feed.ready()
      if (JSON.stringify(manifest) === JSON.stringify(world.commands)) return
      await feed.commit([{ type: 'sim.commands.set', commands: manifest }])
    },
    check: async () => ({ botId: botId || `sim${ids.hex(6)}`, username: sim.username || null }),
    stop: async () => {
      stop()
      await delivery.stop()
      await feed.stop()
    },
  }
}

const healthOf = (isDown: boolean): BotHealth =>
  isDown ? { state: 'failing', detail: 'the simulated platform is down' } : { state: 'well' }

/** Brings what happens on the platform to the connector, on the node that takes it in. */
function createDelivery(sim: Sim) {
  const { feed, clock, onFault, faults, identity } = sim
  const told: Told = {
    bot: identity,
    username: sim.username,
    world: feed.world,
    load: (chatId, messageId, index) => loadFile(sim, chatId, messageId, index),
  }
  let updates: Updates | undefined
  let stopListening = () => {}

  const handOver = async (sink: PlatformSink, update: SimUpdate): Promise<void> => {
    if (update.kind === 'interaction') {
      const forward = toForward(identity, feed.world, update)
      return forward && (await sink.forward(forward))
    }
    const message = update.kind === 'press' ? toPressMessage(told, update) : toPlatformMessage(told, update)
    if (message) await sink.message(message)
  }

  const heard = (sink: PlatformSink, event: SimEvent): void => {
    if (event.type === 'sim.faults.set') sink.health(healthOf(event.faults.outage))
    if (event.type !== 'sim.message.posted' || event.message.userId !== null) return
    const chat = feed.world.chats.get(event.message.chatId)?.chat
    if (!chat) return
    const { id, scopeId } = toPlatformChat(identity.platform, feed.world, chat)
    const seen = sink.seen({ chatId: id, scopeId }, event.message.id)
    seen.catch((error: unknown) => onFault(error, 'simulator: seen'))
  }

  return {
    start: async (sink: PlatformSink): Promise<void> => {
      await feed.ready()
      updates = new Updates({ feed, clock, onFault, handOver: (update) => handOver(sink, update) })
      stopListening = feed.listen({ event: (event) => heard(sink, event) })
      sink.health(healthOf(faults.current.outage))
      updates.start()
    },
    stop: async (): Promise<void> => {
      stopListening()
      await updates?.stop()
    },
  }
}

async function loadFile(
  { feed }: Sim,
  chatId: string,
  messageId: string,
  index: number,
): Promise<Uint8Array> {
  const known = feed.world.chats.get(chatId)?.messages.get(messageId)
  const event = known && (await feed.read(known.seq))
  const file = event?.type === 'sim.message.posted' ? event.files?.[index] : undefined
  if (file === undefined) throw new Error('the file of a simulated message is gone')
  return new Uint8Array(Buffer.from(file, 'base64'))
}
