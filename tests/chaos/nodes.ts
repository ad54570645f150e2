import { existsSync } from 'node:fs'
import { eventually } from '@parley/testkit'
import type { Random } from '../fuzz/random.js'
import { startVictim, type Victim } from './victim.js'

type Node = { victim: Victim; url: string }

/** Which program a node is, what it is told as its argument, what messages call it, and how long it may take to stop. */
export type NodesOptions = { program: string; setup: object; noun: string; stopWithinMs: number }

/** Two places for a node each. Whoever is killed is replaced at once, on another port. */
export class Nodes {
  readonly #options: NodesOptions
  readonly #places: (Node | undefined)[] = [undefined, undefined]
  readonly #ended = new Set<Victim>()
  readonly #starting = new Set<Promise<void>>()
  /** What must not happen: nodes that ended by themselves, with what they said. */
  readonly faults: string[] = []
  #isOver = false

  constructor(options: NodesOptions) {
    const { program } = options
    if (!existsSync(program)) throw new Error(`no ${program}: build the tests first (npm run build)`)
    this.#options = options
  }

  async start(): Promise<void> {
    await Promise.all(this.#places.map((_, place) => this.#fill(place)))
  }

  /** The addresses of those that are up. */
  get urls(): string[] {
    return this.#places.flatMap((node) => node?.url ?? [])
  }

  /** The address of the one at this place, or of the other if it is not up. */
  at(place: number): string | undefined {
    return (this.#places[place] ?? this.#places[1 - place])?.url
  }

  /** The address of one that is up, if there is one. */
  any(random: Random): string | undefined {
    return this.at(random.below(2))
  }

  /** Ends the one at a place and starts another; resolves when the old one is gone. */
  async replace(place: number, how: 'kill' | 'stop'): Promise<void> {
    await Promise.all(this.#starting)
    const node = this.#places[place]
    if (!node) return
    this.#ended.add(node.victim)
    this.#places[place] = undefined
    await end(node, how, this.#options)
    if (!this.#isOver) void this.#fill(place)
  }

  /** Resolves when both places are filled. */
  async both(): Promise<void> {
    await Promise.all(this.#starting)
  }

  async end(how: 'kill' | 'stop'): Promise<void> {
    this.#isOver = true
    await Promise.all(this.#starting)
    await Promise.all(this.#places.map((_, place) => this.replace(place, how)))
  }

  #fill(place: number): Promise<void> {
    const filled = this.#untilUp(place)
      .catch((error: unknown) => void this.faults.push(String(error)))
      .finally(() => this.#starting.delete(filled))
    this.#starting.add(filled)
    return filled
  }

  /** It can't start without Postgres and Redis: then the next one tries, as a supervisor would have it. */
  async #untilUp(place: number): Promise<void> {
    const start = async () => (this.#isOver ? 'nobody' : startNode(this.#options))
    const node = await eventually(start, { deadlineMs: 120_000, everyMs: 200 })
    if (node === 'nobody') return
    this.#places[place] = node
    void node.victim.ended.then((how) => {
      if (this.#ended.has(node.victim)) return
      this.faults.push(`a ${this.#options.noun} ended by itself (${how}): ${node.victim.complaints()}`)
      this.#places[place] = undefined
    })
  }
}

async function startNode({ program, setup, noun }: NodesOptions): Promise<Node> {
  const victim = startVictim([program, JSON.stringify(setup)])
  for await (const line of victim.lines()) {
    // The cast: the program prints nothing else first.
    return { victim, url: (JSON.parse(line) as { url: string }).url }
  }
  throw new Error(`the ${noun} did not start: ${victim.complaints()}`)
}

async function end(
  { victim }: Node,
  how: 'kill' | 'stop',
  { noun, stopWithinMs }: NodesOptions,
): Promise<void> {
  if (how === 'kill') return victim.kill()
  victim.signal('SIGTERM')
  const hung = new Promise<'hung'>((resolve) => void setTimeout(resolve, stopWithinMs, 'hung').unref())
  const ended = await Promise.race([victim.ended, hung])
  await victim.kill()
  if (ended !== 0) throw new Error(`a ${noun} did not stop in order (${ended}): ${victim.complaints()}`)
}
