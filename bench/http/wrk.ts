import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { watchCpu } from '../lib/cpu.js'
import type { LoadOptions, LoadResult } from './load-role.js'

/** Runs `wrk` with one thread. It counts in whole seconds: a turn takes at least one. */
export async function runWrk(
  program: string,
  folder: string,
  { port, requests, connections, ms }: LoadOptions,
): Promise<LoadResult & { cpuShare?: number }> {
  const script = join(folder, 'requests.lua')
  await writeFile(script, toScript(requests))
  const seconds = Math.max(1, Math.round(ms / 1000))
  const args = [
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    '--latency',
    '-s',
    script,
    `http://127.0.0.1:${port}`,
  ]
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const cpu = watchCpu(child.pid ?? 0)
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk
  })
  await once(child, 'close')
  const used = cpu()
  return { ...parse(output), cpuShare: used === undefined ? undefined : used / seconds }
}

/** Requests in turns, put together before the run. */
function toScript(requests: readonly string[]): string {
  // A long bracket takes the text as it is; requests hold no `]==]`. Lua drops a first line break, and turns `\r\n`
  // into `\n`, so carriage returns are added afterwards.
  const list = requests.map((text) => `crlf([==[\n${text.replaceAll('\r\n', '\n')}]==])`).join(',\n')
  return `local function crlf(text)
  local head, body = text:match('^(.-\\n)\\n(.*)$')
  return (head .. '\\n'):gsub('\\n', '\\r\\n') .. body
end
local requests = {${list}}
local count, turn = #requests, 0
function request()
  turn = turn % count + 1
  return requests[turn]
end
`
}

function parse(output: string): LoadResult {
  const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1] ?? Number.NaN)
  if (!(perSecond > 0)) throw new Error(`wrk did not get through:\n${output}`)
  const requests = Number(/(\d+) requests in/.exec(output)?.[1] ?? Number.NaN)
  const failed = Number(/Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1] ?? 0)
  return { requests, perSecond, failed, p50: latency(output, '50%'), p99: latency(output, '99%') }
}

const inMs: Record<string, number> = { us: 0.001, ms: 1, s: 1000, m: 60_000 }

function latency(output: string, share: string): number {
  const [, value, unit] = new RegExp(`${share}\\s+([\\d.]+)(us|ms|s|m)\\b`).exec(output) ?? []
  return Number(value) * (inMs[unit ?? ''] ?? Number.NaN)
}
