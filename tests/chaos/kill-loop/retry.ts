import { strict as assert } from 'node:assert'
import type { Ground } from '@parley/kernel/ground'
import { planOf, streams, writers } from './plan.js'
import type { Acknowledged } from './round.js'
import type { ChaosTables } from './tables.js'
import { commitStep, nameOf } from './unit.js'

type Round = { seed: number; round: number; acknowledged: Acknowledged }

/**
 * Does what clients do that were cut off: sends keyed units again. An acknowledged one gives its first result and adds
 * nothing; the one under way when the process was killed is there once afterwards, whether or not it was before.
 */
export async function retryAll(ground: Ground, tables: ChaosTables, round: Round): Promise<void> {
  const before = await heads(ground)
  await eachStep(
    round,
    (step) => step.firstSeq !== undefined,
    async (step) => {
      const again = await commitStep(ground, tables, step, planOf(step))
      assert.equal(again.outcome, 'replayed', nameOf(step))
      assert(again.outcome === 'replayed' && again.same, nameOf(step))
      assert.equal(again.appended[0]?.firstSeq, step.firstSeq, nameOf(step))
    },
  )
  assert.deepEqual(await heads(ground), before, 'a repeated key added something')

  await eachStep(
    round,
    (step) => step.firstSeq === undefined,
    async (step) => {
      const first = await commitStep(ground, tables, step, planOf(step))
      const second = await commitStep(ground, tables, step, planOf(step))
      assert(first.outcome !== 'refused' && second.outcome === 'replayed', nameOf(step))
      assert.equal(second.appended[0]?.firstSeq, first.appended[0]?.firstSeq, nameOf(step))
    },
  )
}

type Tried = { seed: number; round: number; writer: number; step: number; firstSeq?: number }

async function eachStep(
  round: Round,
  isMeant: (step: Tried) => boolean,
  act: (step: Tried) => Promise<void>,
): Promise<void> {
  await Promise.all(
    triedSteps(round)
      .filter((step) => isMeant(step) && planOf(step).key)
      .map(act),
  )
}

/** The acknowledged steps of each writer and the one it was at. */
function triedSteps({ seed, round, acknowledged }: Round): Tried[] {
  return Array.from({ length: writers }, (_, writer) => {
    const numbers: (number | undefined)[] = [...(acknowledged.get(writer) ?? []), undefined]
    return numbers.map((firstSeq, index) => ({ seed, round, writer, step: index + 1, firstSeq }))
  }).flat()
}

const heads = ({ log }: Ground): Promise<number[]> =>
  Promise.all(streams.map(async (stream) => (await log.read(stream, { after: 0, limit: 1 })).head))
