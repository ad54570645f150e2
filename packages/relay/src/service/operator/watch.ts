import type { StoredEvent } from '@parley/kernel/log'
import { isSimBot, type SimBot } from '../../platforms/sim-port.js'
import type { RelayKind } from '../../protocol/index.js'
import type { RelayOperator, Within } from '../port.js'
import type { Work } from './parts.js'
import { isSeen } from './within.js'

/** At most so often something is told. */
const pauseMs = 250

/** What is to be read anew. Everything is listened to when it returns. */
export function watch(
  work: Pick<Work, 'ground' | 'bots'>,
  within: Within,
  signal: AbortSignal,
): ReturnType<RelayOperator['watch']> {
  const { log, clock } = work.ground
  const ending = new AbortController()
  const ended = AbortSignal.any([signal, ending.signal])
  const told = new Told(ended)
  const follow = (kind: string, heard: (event: StoredEvent) => void) =>
    void hear(log.followKind(kind, { signal: ended }), heard).catch((error: unknown) => told.fail(error))

  const sims = within.tenant === undefined ? new Sims(work.bots, () => told.add('sim'), ended) : undefined
  follow('relay-changes', (event) => {
    sims?.look()
    if (isOwnChange(within, event)) told.add('changes')
  })
  follow('relay-bot', (event) => {
    for (const kind of kindsOfReceived(within, event)) told.add(kind)
  })
  if (sims)
    follow('relay-sim', () => {
      sims.look()
      told.add('sim')
    })

  return (async function* () {
    try {
      for (;;) {
        const kinds = await told.take()
        if (!kinds) return
        yield* kinds
        await clock.sleep(pauseMs, ended).catch(() => undefined)
      }
    } finally {
      ending.abort()
    }
  })()
}

async function hear(events: AsyncIterable<StoredEvent>, heard: (event: StoredEvent) => void): Promise<void> {
  for await (const event of events) heard(event)
}

/** What waits to be told: each kind once. */
class Told {
  readonly #kinds = new Set<RelayKind>()
  readonly #ended: AbortSignal
  #failure: { error: unknown } | undefined
  #wake = () => {}

  constructor(ended: AbortSignal) {
    this.#ended = ended
    ended.addEventListener('abort', () => this.#wake(), { once: true })
  }

  add(kind: RelayKind): void {
    this.#kinds.add(kind)
    this.#wake()
  }

  fail(error: unknown): void {
    this.#failure = { error }
    this.#wake()
  }

  /** Everything that was told since, once there is something; undefined when it is over. */
  async take(): Promise<RelayKind[] | undefined> {
    while (this.#kinds.size === 0 && !this.#failure && !this.#ended.aborted)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    if (this.#ended.aborted) return undefined
    if (this.#failure) throw this.#failure.error
    const kinds = [...this.#kinds]
    this.#kinds.clear()
    return kinds
  }
}

/** Simulated bots of this node. WHY not their streams alone: that somebody types is in no stream. */
class Sims {
  readonly #bots: Work['bots']
  readonly #changed: () => void
  readonly #stops = new Map<SimBot, () => void>()
  readonly #ended: AbortSignal

  constructor(bots: Work['bots'], changed: () => void, ended: AbortSignal) {
    this.#bots = bots
    this.#changed = changed
    this.#ended = ended
    ended.addEventListener('abort', () => this.#keep([]), { once: true })
    this.look()
  }

  /** Finds those that were opened or closed meanwhile. */
  look(): void {
    if (!this.#ended.aborted) this.#keep(this.#bots.list().flatMap(({ bot }) => (isSimBot(bot) ? [bot] : [])))
  }

  #keep(open: readonly SimBot[]): void {
    for (const [bot, stop] of this.#stops)
      if (!open.includes(bot)) {
        stop()
        this.#stops.delete(bot)
      }
    for (const bot of open) if (!this.#stops.has(bot)) this.#stops.set(bot, bot.sim.onChange(this.#changed))
  }
}

function isOwnChange(within: Within, { body }: StoredEvent): boolean {
  if (within.tenant === undefined) return true
  // The cast: nothing but the plane writes its streams.
  const change = JSON.parse(body) as { tenant?: unknown } | null
  return change?.tenant === within.tenant
}

type Outcomes = readonly { tenant: string; isDelivered: boolean }[]

/** What somebody was given waits for them from then on. Of what concerns only others nothing is told. */
function kindsOfReceived(within: Within, { body }: StoredEvent): RelayKind[] {
  const outcomes = (JSON.parse(body) as { outcomes?: Outcomes } | null)?.outcomes ?? []
  const own = outcomes.filter(({ tenant }) => isSeen(within, tenant))
  if (own.length === 0 && within.tenant !== undefined) return []
  return own.some(({ isDelivered }) => isDelivered) ? ['decisions', 'buffers'] : ['decisions']
}
