import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { budgets } from './lib/budget.js'
import { type Benchmark, withContext } from './lib/context.js'
import { describeDisk, describeMachine, probeDisk } from './lib/machine.js'
import type { Measured } from './lib/measured.js'
import { summarise } from './lib/profile.js'
import { toTable } from './lib/report.js'
import { benchmarks } from './registry.js'

const usage = `npm run bench -- NAME… [--quick] [--json FILE] [--cpu-prof FOLDER]
npm run bench -- --quick       all, in some minutes
npm run bench -- --all         all, for figures to publish
npm run bench -- --list`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean' },
    all: { type: 'boolean' },
    quick: { type: 'boolean' },
    smoke: { type: 'boolean' },
    json: { type: 'string' },
    'cpu-prof': { type: 'string' },
  },
})
const say = (text: string) => void process.stdout.write(`${text}\n`)
const budget = values.smoke ? budgets.smoke : values.quick ? budgets.quick : budgets.full

/** What `--json` writes for one benchmark. */
type Result = { name: string; budget: string; machine: string; disk: string; lines: Measured[] }

const unknown = positionals.filter((name) => !benchmarks.some((one) => one.name === name))
const wantsAll = positionals.length === 0 && (values.all || values.quick || values.smoke)
const chosen = wantsAll ? benchmarks : benchmarks.filter(({ name }) => positionals.includes(name))

if (values.list) list()
else if (unknown.length > 0 || chosen.length === 0) refuse()
else writeJson(chosen.length === 1 ? [await runHere(chosen[0]!)] : await runEach(chosen))

function list(): void {
  for (const { name, about } of benchmarks) say(`${name.padEnd(18)} ${about}`)
}

function refuse(): void {
  for (const name of unknown) say(`There is no benchmark "${name}".`)
  say(usage)
  list()
  process.exitCode = 1
}

async function runHere({ name, about, run }: Benchmark): Promise<Result> {
  const disk = describeDisk(probeDisk(budget.name === 'smoke' ? 5 : 100))
  const machine = describeMachine()
  say(`\n${name}: ${about}\n${machine}; ${disk}; ${budget.rounds} rounds of ${budget.roundMs} ms`)
  const profileTo = values['cpu-prof']
  const lines = await withContext({ budget, profileTo, say }, run)
  if (lines.length > 0) say(toTable(lines))
  if (profileTo) say(`\nself time:\n${summarise(profileTo)}`)
  return { name, budget: budget.name, machine, disk, lines }
}

/** Each in a process of its own: what one leaves behind (memory, compiled code) must not meet the next. */
async function runEach(some: readonly Benchmark[]): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-bench-json-'))
  const results: Result[] = []
  try {
    for (const { name } of some) {
      const file = join(folder, `${name}.json`)
      const child = spawn(
        process.execPath,
        [fileURLToPath(import.meta.url), name, `--json=${file}`, ...flags()],
        {
          stdio: 'inherit',
        },
      )
      const [code] = await once(child, 'close')
      if (code === 0) results.push(...(JSON.parse(readFileSync(file, 'utf8')) as Result[]))
      else process.exitCode = 1
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return results
}

function flags(): string[] {
  const profile = values['cpu-prof']
  return [
    ...(budget.name === 'full' ? [] : [`--${budget.name}`]),
    ...(profile ? [`--cpu-prof=${profile}`] : []),
  ]
}

function writeJson(results: readonly Result[]): void {
  if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`)
}
