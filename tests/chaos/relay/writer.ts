import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../../fuzz/random.js'
import type { Nodes } from '../nodes.js'
import type { Speaker } from './cast.js'
import type { Written } from './evidence.js'
import { askSim } from './sim.js'

export type WriterOptions = {
  name: string
  nodes: Nodes
  random: Random
  speakers: readonly Speaker[]
  /** Longest pause between two messages. */
  pauseMs: number
  /** Told of each message that was accepted. */
  accepted(written: Written): void
}

/** Writes as one person after the other until told to stop, each message until it is accepted. */
export async function write(options: WriterOptions, stop: AbortSignal): Promise<void> {
  const { random, speakers } = options
  for (let n = 1; !stop.aborted; n++) {
    await sleep(random.below(options.pauseMs))
    await writeOne(options, random.pick(speakers), `${options.name}-${n}`)
  }
}

async function writeOne(options: WriterOptions, speaker: Speaker, messageId: string): Promise<void> {
  const { nodes, random, accepted } = options
  const { bot, userId, chatId, chatType, scopeId, heardBy } = speaker
  // Groups are free of noise: everybody addresses the bot.
  const text = `${messageId} for @${bot.botId}`
  const said = { userId, chatId, chatType, scopeId, messageId, text }
  const begunAt = performance.now()
  await askSim(nodes, random, { bot, said })
  const acceptedAt = performance.now()
  accepted({ platform: bot.platform, chatId, messageId, userId, text, heardBy, begunAt, acceptedAt })
}
