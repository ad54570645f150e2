import { strict as assert } from 'node:assert'
import { bodiesOf, planOf, type Step } from './plan.js'
import type { Found } from './read-back.js'
import type { Acknowledged } from './round.js'
import type { ChaosTables } from './tables.js'
import { nameOf } from './unit.js'

type Streams = ReadonlyMap<string, readonly Found[]>

/** Numbers 1, 2, 3 …, strictly growing times, and no event twice. */
export function assertNumbered(streams: Streams): void {
  for (const [stream, found] of streams) {
    found.forEach(({ event }, index) => {
      assert.equal(event.seq, index + 1, `${stream} has a gap`)
      if (index > 0) assert(event.at > found[index - 1]!.event.at, `${stream} ${event.seq}: time stood still`)
    })
  }
  const ids = [...streams.values()].flat().map(({ event }) => event.id)
  assert.equal(new Set(ids).size, ids.length, 'an event is there twice')
}

type Round = { seed: number; round: number; acknowledged: Acknowledged }

/**
 * Of each writer, its acknowledged steps in order and whole, where it was told they are, and after them at most the
 * one that was under way when it was killed. Answers the number of events.
 */
export function assertWritten(streams: Streams, { seed, round, acknowledged }: Round): number {
  const ofWriter = groupByWriter(streams, round)
  for (const writer of acknowledged.keys()) if (!ofWriter.has(writer)) ofWriter.set(writer, new Map())
  let events = 0
  for (const [writer, steps] of ofWriter) {
    const numbers = acknowledged.get(writer) ?? []
    const extra = [...steps.keys()].filter((step) => step > numbers.length)
    assert(
      extra.length === 0 || (extra.length === 1 && extra[0] === numbers.length + 1),
      `writer ${writer} never got to ${extra}`,
    )
    numbers.forEach((firstSeq, index) => {
      const step = { seed, round, writer, step: index + 1 }
      events += assertStep(step, steps.get(step.step) ?? [], firstSeq)
    })
    for (const step of extra) assertStep({ seed, round, writer, step }, steps.get(step)!)
  }
  return events
}

function groupByWriter(streams: Streams, round: number): Map<number, Map<number, Found[]>> {
  const groups = new Map<number, Map<number, Found[]>>()
  for (const found of [...streams.values()].flat()) {
    if (found.body.round !== round) continue
    const steps = groups.get(found.body.writer) ?? new Map<number, Found[]>()
    groups.set(found.body.writer, steps)
    steps.set(found.body.step, [...(steps.get(found.body.step) ?? []), found])
  }
  return groups
}

/** One unit: all of its events, one behind the other, on its stream. */
function assertStep(step: Step, found: readonly Found[], firstSeq = found[0]?.event.seq): number {
  const plan = planOf(step)
  const where = found.map(({ event }) => [event.stream, event.seq])
  const expected = Array.from({ length: plan.parts }, (_, part) => [plan.stream, firstSeq! + part])
  assert.deepEqual(where, expected, `step ${nameOf(step)}`)
  const bodies = found.map(({ body }) => body)
  assert.deepEqual(bodies, bodiesOf(step, plan, bodies[0]?.version), `step ${nameOf(step)}`)
  return plan.parts
}

/** A row was raised once by each unit that says so, and by no other. */
export async function assertRows(streams: Streams, tables: ChaosTables): Promise<void> {
  const firsts = [...streams.values()].flat().filter(({ body }) => body.row && body.part === 0)
  for (const { name, version, last } of await tables.rows()) {
    const raises = firsts
      .filter(({ body }) => body.row === name)
      .sort((a, b) => a.body.version! - b.body.version!)
    assert.deepEqual(
      raises.map(({ body }) => body.version),
      raises.map((_, index) => index + 1),
      `row ${name}`,
    )
    const newest = raises.at(-1)?.body
    assert.deepEqual([version, last], [raises.length, newest ? nameOf(newest) : ''], `row ${name}`)
  }
}

/** There is one receipt for each unit with a key. */
export async function assertReceipts(streams: Streams, seed: number, tables: ChaosTables): Promise<void> {
  const firsts = [...streams.values()].flat().filter(({ body }) => body.part === 0)
  const keys = firsts.flatMap(({ body }) => planOf({ seed, ...body }).key ?? [])
  assert.deepEqual((await tables.receipts()).sort(), keys.sort())
}
