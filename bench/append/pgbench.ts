import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import type { LoopResult } from '../lib/closed-loop.js'
import type { Context } from '../lib/context.js'
import { quantile } from '../lib/stats.js'
import { columns, streamCount } from './drafts.js'

const schema = `
  create table bare_events (stream_id bigint not null, seq bigint generated always as identity, at bigint not null,
    id text not null, type text not null, actor text not null, body text not null, primary key (stream_id, seq))`

const script = `\\set stream random(1, ${streamCount})
\\set at random(1, 1000000000000000)
insert into bare_events (stream_id, at, id, type, actor, body)
values (:stream, :at, md5(:at::text), '${columns.type}', '${columns.actor}', '${columns.body}');
`

/** Runs `pgbench`: the same rows, one a transaction, prepared. */
export type Pgbench = (options: { writers: number; ms: number }) => Promise<LoopResult>

export async function openPgbench(context: Context, program: string, url: string): Promise<Pgbench> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(schema)
  await client.end()
  const folder = await context.folder()
  const file = join(folder, 'insert.sql')
  await writeFile(file, script)
  // It counts in whole seconds; where less is wanted, in transactions.
  const length = (ms: number) => (ms < 500 ? ['-t', '5'] : ['-T', String(Math.round(ms / 1000) || 1)])
  return async ({ writers, ms }) => {
    const logs = await mkdtemp(join(folder, 'log-'))
    const threads = String(Math.min(2, writers))
    const args = ['-n', '-M', 'prepared', '-c', String(writers), '-j', threads, '-f', file, ...length(ms)]
    const output = await outputOf(program, [...args, '-l', `--log-prefix=${join(logs, 'log')}`, url])
    const taken = await latencies(logs)
    await rm(logs, { recursive: true, force: true })
    return { perSecond: rateOf(output), p50: quantile(taken, 0.5), p99: quantile(taken, 0.99) }
  }
}

async function outputOf(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const keep = (chunk: Buffer) => {
    output += chunk.toString()
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`pgbench failed:\n${output}`)
  return output
}

/** Without the time that opening the connections took. */
function rateOf(output: string): number {
  const rate = Number(/tps = ([\d.]+)/.exec(output)?.[1] ?? Number.NaN)
  if (Number.isNaN(rate)) throw new Error(`pgbench said no rate:\n${output}`)
  return rate
}

/** Milliseconds of each transaction: the third column of its log, in microseconds. */
async function latencies(folder: string): Promise<number[]> {
  const names = await readdir(folder)
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
  return texts.flatMap((text) =>
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => Number(line.split(' ')[2]) / 1000),
  )
}
