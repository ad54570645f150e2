import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { BotIdentity, SimControls, SimFaults } from '@parley/relay'
import { eventually } from '@parley/testkit'
import { root } from '../../architecture/checkout.js'
import type { Random } from '../../fuzz/random.js'
import { startVictim, type Victim } from '../victim.js'

/** What a connector is told. */
export type NodeSetup = { database: string; redisUrl: string; key: string }

/** What the test asks of a simulated platform: a person writes, or something goes wrong from now on. */
export type SimCall = {
  bot: BotIdentity
  said?: Parameters<SimControls['say']>[0]
  faults?: Partial<SimFaults>
}

type Node = { victim: Victim; url: string }

const program = join(root, 'tests/dist/chaos/relay/main.js')

/** Two places for a connector each. Whoever is killed is replaced at once, on another port. */
export class Nodes {
  readonly #setup: NodeSetup
  readonly #places: (Node | undefined)[] = [undefined, undefined]
  readonly #ended = new Set<Victim>()
  readonly #starting = new Set<Promise<void>>()
  /** What must not happen: connectors that ended by themselves, with what they said. */
  readonly faults: string[] = []
  #isOver = false

  constructor(setup: NodeSetup) {
    if (!existsSync(program)) throw new Error(`no ${program}: build the tests first (npm run build)`)
    this.#setup = setup
  }

  async start(): Promise<void> {
    await Promise.all(this.#places.map((_, place) => this.#fill(place)))
  }

  /** The addresses of those that are up. */
  get urls(): string[] {
    return this.#places.flatMap((node) => node?.url ?? [])
  }

  /** The address of one that is up, if there is one. */
  any(random: Random): string | undefined {
    const { urls } = this
    return urls.length === 0 ? undefined : random.pick(urls)
  }

  /** Ends the one at a place and starts another; resolves when the old one is gone. */
  async replace(place: number, how: 'kill' | 'stop'): Promise<void> {
    await Promise.all(this.#starting)
    const node = this.#places[place]
    if (!node) return
    this.#ended.add(node.victim)
    this.#places[place] = undefined
    await end(node, how)
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
    const start = async () => (this.#isOver ? 'nobody' : startNode(this.#setup))
    const node = await eventually(start, { deadlineMs: 120_000, everyMs: 200 })
    if (node === 'nobody') return
    this.#places[place] = node
    void node.victim.ended.then((how) => {
      if (this.#ended.has(node.victim)) return
      this.faults.push(`a connector ended by itself (${how}): ${node.victim.complaints()}`)
      this.#places[place] = undefined
    })
  }
}

async function startNode(setup: NodeSetup): Promise<Node> {
  const victim = startVictim([program, JSON.stringify(setup)])
  for await (const line of victim.lines()) {
    // The cast: the program prints nothing else first.
    return { victim, url: (JSON.parse(line) as { url: string }).url }
  }
  throw new Error(`the connector did not start: ${victim.complaints()}`)
}

async function end({ victim }: Node, how: 'kill' | 'stop'): Promise<void> {
  if (how === 'kill') return victim.kill()
  victim.signal('SIGTERM')
  const hung = new Promise<'hung'>((resolve) => void setTimeout(resolve, 60_000, 'hung').unref())
  const ended = await Promise.race([victim.ended, hung])
  await victim.kill()
  if (ended !== 0) throw new Error(`a connector did not stop in order (${ended}): ${victim.complaints()}`)
}
