import { type Ground, openGround } from '@parley/kernel/ground'
import { isMark, type StoredEvent, type UnitResult } from '@parley/kernel/log'
import { collect, eventually } from '@parley/testkit'
import { type OwnPostgres, ownPostgres } from '@parley/testkit/services'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'

// WHY: a killed process leaves its writes with the operating system; fsync guards against a power cut only. Without it
//      recovery need not sync a thousand files first, which a busy disk can stretch to a minute.
const postgres = await ownPostgres({ settings: { fsync: 'off' } })
const patience = { deadlineMs: 120_000 }
afterAll(() => postgres?.stop())

const stream = 'chaos:shared'
const writersPerNode = 8

/** Writes until told to stop; what failed is sent again under its key, as a client would. Answers what was acknowledged. */
async function write(
  ground: Ground,
  name: string,
  signal: AbortSignal,
  onWritten: () => void,
): Promise<string[]> {
  const acknowledged: string[] = []
  for (let n = 1; !signal.aborted; n++) {
    await untilCommitted(ground, `${name}-${n}`)
    acknowledged.push(`${name}-${n}`)
    onWritten()
  }
  return acknowledged
}

function untilCommitted({ log }: Ground, key: string): Promise<UnitResult> {
  const actor = { kind: 'user' as const, id: key }
  const unit = { ops: [], appends: [{ stream, key, drafts: [{ type: 'chaos.written', actor, body: key }] }] }
  return eventually(() => log.commit(unit), { ...patience, everyMs: 20 })
}

/** Writers on both nodes; `written()` counts their acknowledgements. */
function writeOnBoth(nodes: readonly Ground[]) {
  const stopping = new AbortController()
  let written = 0
  const names = Array.from({ length: writersPerNode }, (_, index) => index)
  const runs = nodes.flatMap((ground, node) =>
    names.map((index) => write(ground, `${node}.${index}`, stopping.signal, () => written++)),
  )
  return {
    written: () => written,
    async stop() {
      stopping.abort()
      return (await Promise.all(runs)).flat()
    },
  }
}

async function readAll({ log }: Ground): Promise<StoredEvent[]> {
  const all: StoredEvent[] = []
  for (;;) {
    const { events } = await log.read(stream, { after: all.length, limit: 10_000 })
    if (events.length === 0) return all
    all.push(...events)
  }
}

/** Events of a follower up to the one with this body. */
async function followTo({ log }: Ground, last: string, signal: AbortSignal): Promise<StoredEvent[]> {
  const items = await collect(log.follow(stream, { signal }), (item) => !isMark(item) && item.body === last)
  return items.filter((item): item is StoredEvent => !isMark(item))
}

const twoNodes = async ({ url }: OwnPostgres): Promise<[Ground, Ground]> => {
  const open = () => openGround({ database: url, bus: 'postgres' })
  const [a, b] = [await open(), await open()]
  onTestFinished(async () => void (await Promise.all([a.close(), b.close()])))
  return [a, b]
}

describe.skipIf(!postgres)('Postgres is killed under two nodes', () => {
  it('both go on by themselves, nothing acknowledged is lost or doubled, and followers miss nothing', async () => {
    const nodes = await twoNodes(postgres!)
    const ending = new AbortController()
    onTestFinished(() => ending.abort())
    const followers = nodes.map((node) => followTo(node, '"the last one"', ending.signal))
    const writing = writeOnBoth(nodes)

    for (let restart = 0; restart < 2; restart++) {
      const before = writing.written()
      await eventually(() => writing.written() > before + 500, patience)
      await postgres!.kill()
      await postgres!.restart()
      const after = writing.written()
      await eventually(() => writing.written() > after + 500, patience)
    }
    const acknowledged = await writing.stop()
    await untilCommitted(nodes[0], 'the last one')

    // A connection that was idle when the server died says so to its next reader.
    const events = await eventually(() => readAll(nodes[1]), patience)
    const bodies = events.map(({ body }) => JSON.parse(body) as string)
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
    expect(bodies.toSorted()).toEqual([...acknowledged, 'the last one'].toSorted())
    for (const seen of await Promise.all(followers))
      expect(seen.map(({ id }) => id)).toEqual(events.map(({ id }) => id))
  }, 600_000)
})
