import { startChild } from '../lib/child.js'
import type { Context } from '../lib/context.js'
import { percent } from '../lib/cpu.js'
import { findProgram } from '../lib/programs.js'
import { median } from '../lib/stats.js'
import type { Prepared } from './bare-http.js'
import type { role as ConstantBytes } from './constant-bytes.js'
import type { LoadOptions, LoadResult, role as LoadRole } from './load-role.js'
import { runWrk } from './wrk.js'

/** Load from another process. */
export type Load = {
  /** Throws when an answer was no 2xx: a refusal is fast and would look good. */
  run(options: LoadOptions): Promise<LoadResult>
  /** Says what the generator reaches when no server holds it up. */
  tellCeiling(prepared: Prepared, connections: number): Promise<void>
  /** Says how busy the generator was in the turns so far. */
  tellShare(): void
}

type Generator = { name: string; run(options: LoadOptions): Promise<LoadResult & { cpuShare?: number }> }

/** `wrk` where there is one, else our own generator. */
export async function createLoad(context: Context): Promise<Load> {
  const { name, run: generate } = await chooseGenerator(context)
  let shares: number[] = []

  const run = async (options: LoadOptions) => {
    const { cpuShare, ...result } = await generate(options)
    if (cpuShare !== undefined) shares.push(cpuShare)
    if (result.failed > 0) throw new Error(`${result.failed} answers were not 2xx.`)
    return result
  }
  return {
    run,
    tellCeiling: async (prepared, connections) => {
      const target = await startChild<typeof ConstantBytes>(context, 'constant-bytes')
      const { port } = await target.call('start', prepared)
      const requests = ['GET / HTTP/1.1\r\nhost: bench\r\n\r\n']
      const { perSecond } = await run({ port, requests, connections, ms: context.budget.roundMs })
      await target.stop()
      shares = []
      context.say(
        `load by ${name}; against constant bytes it reaches ${Math.round(perSecond).toLocaleString('en')}/s`,
      )
    },
    tellShare: () => {
      if (shares.length > 0) context.say(`load by ${name} used ${percent(median(shares))} of a core (median)`)
    },
  }
}

async function chooseGenerator(context: Context): Promise<Generator> {
  const wrk = context.budget.name === 'smoke' ? undefined : findProgram('wrk')
  if (wrk) {
    const folder = await context.folder()
    return { name: 'wrk', run: (options) => runWrk(wrk, folder, options) }
  }
  const child = await startChild<typeof LoadRole>(context, 'http-load')
  return {
    name: 'our own generator',
    run: async (options) => {
      const before = await child.cpuSeconds()
      const result = await child.call('run', options)
      return { ...result, cpuShare: ((await child.cpuSeconds()) - before) / (options.ms / 1000) }
    },
  }
}
