import { strict as assert } from 'node:assert'
import { setMaxListeners } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from '../../architecture/checkout.js'
import { type Random, randomFrom } from '../../fuzz/random.js'
import { bots } from './cast.js'
import { bring, type Disaster, everyday } from './disasters.js'
import type { Evidence, Written } from './evidence.js'
import { type Figures, figuresOf } from './figures.js'
import { Observer } from './observer.js'
import { settled } from './settled.js'
import { setFaults } from './sim.js'
import { assertAll } from './verify.js'
import { openWorld, type Services, type Size, type World } from './world.js'
import { write } from './writer.js'

export type SoakOptions = {
  seed: number
  size: Size
  writers: { count: number; pauseMs: number }
  /** What goes wrong, one after the other; begins to end when there is nothing more, or the time is over. */
  disasters(random: Random): Iterable<Disaster>
  /** Longest pause between two disasters. */
  quietMs: number
  /** How long disasters go on at most. */
  forMs: number
}

/** Breaks everything under people and gateways at work, then holds what everybody was told against what is there. */
export async function soak(services: Services, options: SoakOptions): Promise<Figures> {
  const began = performance.now()
  const random = randomFrom(options.seed)
  const closers: (() => Promise<unknown>)[] = []
  try {
    const world = await openWorld(services, { random, size: options.size }, closers)
    const happened: Disaster[] = []
    const evidence = await work(world, options, happened)
    await verify(evidence)
    await world.nodes.end('stop')
    assert.deepEqual(world.nodes.faults, [])
    return figuresOf(world, evidence, { disasters: happened, began })
  } finally {
    for (const close of closers.toReversed()) await close()
  }
}

/** What does not hold is thrown; what is known is kept for whoever looks for the cause. */
async function verify(evidence: Evidence): Promise<void> {
  try {
    assertAll(evidence)
  } catch (error) {
    const path = join(root, '.cache/relay-soak.json')
    await mkdir(join(root, '.cache'), { recursive: true })
    await writeFile(path, JSON.stringify(evidence))
    console.error(`What everybody saw is in ${path}.`)
    throw error
  }
}

/** Everybody works while everything breaks; resolves with what they saw when the dust has settled. */
async function work(
  world: World,
  options: SoakOptions,
  happened: Disaster[],
): Promise<Evidence & { lostAcks: number }> {
  const { gateways, nodes, random } = world
  const [writing, living] = [new AbortController(), new AbortController()]
  // Everybody waits by them.
  setMaxListeners(0, writing.signal, living.signal)
  const written: Written[] = []
  const observer = new Observer(world)
  await setFaults(nodes, bots, everyday)
  const lives = Promise.all([observer, ...gateways].map((one) => one.run(living.signal)))
  const writers = Promise.all(
    Array.from({ length: options.writers.count }, (_, index) =>
      write(
        {
          name: `w${index}`,
          nodes,
          random: randomFrom(random.below(2 ** 31)),
          speakers: world.cast.speakers,
          pauseMs: options.writers.pauseMs,
          accepted: (one) => written.push(one),
        },
        writing.signal,
      ),
    ),
  )
  // Whoever is refused ends the test at once, not at the end of the plan.
  const refused = Promise.race([writers, lives]).then(() => new Promise<never>(() => {}))
  try {
    await Promise.race([refused, breakAll(world, options, written, happened)])
    writing.abort()
    await writers
    return await Promise.race([
      lives.then(() => Promise.reject(new Error('gateways ended'))),
      settled(world, observer, written),
    ])
  } finally {
    writing.abort()
    living.abort()
    await Promise.allSettled([writers, lives])
  }
}

async function breakAll(
  world: World,
  { disasters, quietMs, forMs }: SoakOptions,
  written: readonly Written[],
  happened: Disaster[],
): Promise<void> {
  const { nodes, random } = world
  const until = performance.now() + forMs
  let tellAt = performance.now() + 60_000
  for (const disaster of disasters(random)) {
    await sleep(random.below(quietMs))
    if (performance.now() > until) break
    await bring(world, disaster)
    happened.push(disaster)
    assert.deepEqual(nodes.faults, [])
    if (performance.now() < tellAt) continue
    tellAt += 60_000
    console.info(`${new Date().toISOString()}: ${happened.length} disasters, ${written.length} messages`)
  }
  await nodes.both()
  await sleep(quietMs)
}
