import { fileURLToPath } from 'node:url'
import { startVictim } from '../victim.js'

/** What a killed process had acknowledged: of each writer the first number of its n-th unit, in order of n. */
export type Acknowledged = ReadonlyMap<number, readonly number[]>

type RoundOptions = {
  /** As `openGround` takes it. */
  database: string
  seed: number
  round: number
  /** Acknowledgements to wait for; 0 kills it as soon as it could write. */
  killAfter: number
}

const program = fileURLToPath(new URL('../main.ts', import.meta.url))

/** Lets a process write, kills it in the middle, and answers what it had acknowledged. */
export async function writeAndKill({
  database,
  seed,
  round,
  killAfter,
}: RoundOptions): Promise<Acknowledged> {
  const victim = startVictim(['--import', 'tsx', program, database, String(seed), String(round)])
  const acknowledged = new Map<number, number[]>()
  let count = -1
  let killed: Promise<void> | undefined
  // What it had printed before the signal reached it still arrives here, and counts.
  for await (const line of victim.lines()) {
    note(acknowledged, line)
    count++
    if (count >= killAfter) killed ??= victim.kill()
  }
  await killed
  if (!killed) throw new Error(`the writer ended by itself:\n${victim.complaints()}`)
  return acknowledged
}

function note(acknowledged: Map<number, number[]>, line: string): void {
  if (line === 'ready') return
  const [writer, step, firstSeq] = line.split(' ').map(Number) as [number, number, number]
  const numbers = acknowledged.get(writer) ?? []
  if (step !== numbers.length + 1) throw new Error(`writer ${writer} acknowledged step ${step} out of turn`)
  acknowledged.set(writer, [...numbers, firstSeq])
}
