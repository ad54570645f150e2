// The process that the kill loop kills: writes without an end and prints each acknowledgement after its commit.
// Arguments: what `openGround` opens, the seed, the round.
import { writeSync } from 'node:fs'
import { openGround } from '@parley/kernel/ground'
import { planOf, rows, type Step, writers } from './kill-loop/plan.js'
import { chaosMigrations, chaosTables } from './kill-loop/tables.js'
import { commitStep } from './kill-loop/unit.js'

const [database = '', seed, round] = process.argv.slice(2)
const ground = await openGround({ database, bus: database.startsWith('postgres') ? 'postgres' : 'memory' })
await ground.db.migrate([chaosMigrations])
const tables = chaosTables(ground.db)
await ground.log.commit({ ops: rows.map(tables.addRow), appends: [] })
say('ready')
await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)))

async function write(writer: number): Promise<void> {
  for (let step = 1; ; step++) await writeStep({ seed: Number(seed), round: Number(round), writer, step })
}

async function writeStep(step: Step): Promise<void> {
  const plan = planOf(step)
  let result = await commitStep(ground, tables, step, plan)
  while (result.outcome === 'refused' && plan.row) result = await commitStep(ground, tables, step, plan)
  if (result.outcome !== 'committed') throw new Error(`step ${JSON.stringify(step)}: ${result.outcome}`)
  const { firstSeq } = result.appended[0]!
  say(`${step.writer} ${step.step} ${firstSeq}`)
  if (plan.isRepeated) await repeat(step, firstSeq)
}

async function repeat(step: Step, firstSeq: number): Promise<void> {
  const again = await commitStep(ground, tables, step, planOf(step))
  const isSame = again.outcome === 'replayed' && again.same && again.appended[0]?.firstSeq === firstSeq
  if (!isSame) throw new Error(`a repeated key was answered ${JSON.stringify(again)}`)
}

// Not through a stream of Node's: what was written here is out, whatever happens to this process.
function say(line: string): void {
  writeSync(1, `${line}\n`)
}
