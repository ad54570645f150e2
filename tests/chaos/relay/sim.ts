import { setTimeout as sleep } from 'node:timers/promises'
import type { BotIdentity, SimFaults } from '@parley/relay'
import type { Random } from '../../fuzz/random.js'
import type { Nodes } from '../nodes.js'
import type { SimCall } from './nodes.js'

const attemptMs = 20_000
/** Longest time without any definite answer, restarts included. */
const stuckMs = 180_000
const betweenMs = 50

/** Asks whichever connector is up, again and again until one has done it; it must be safe to repeat. Throws for a refusal. */
export async function askSim(nodes: Nodes, random: Random, call: SimCall): Promise<void> {
  const giveUpAt = performance.now() + stuckMs
  for (;;) {
    const url = nodes.any(random)
    const answer = await (url ? post(url, call) : Promise.reject(new Error('no connector is up'))).catch(
      String,
    )
    if (typeof answer !== 'string') {
      if (answer.status === 200) return
      if (answer.status < 500 && answer.status !== 429) throw new Error(`refused: ${answer.text}`)
    }
    if (performance.now() > giveUpAt) throw new Error(`the simulator is stuck: ${JSON.stringify(answer)}`)
    await sleep(betweenMs)
  }
}

/** The same change on every connector that is up: one whose news are lost must not go on with what is over. */
export async function setFaults(
  nodes: Nodes,
  bots: readonly BotIdentity[],
  faults: Partial<SimFaults>,
): Promise<void> {
  const calls = nodes.urls.flatMap((url) => bots.map((bot) => post(url, { bot, faults })))
  await Promise.allSettled(calls)
}

async function post(url: string, call: SimCall): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${url}/sim`, {
    method: 'POST',
    body: JSON.stringify(call),
    signal: AbortSignal.timeout(attemptMs),
  })
  return { status: answer.status, text: await answer.text() }
}
