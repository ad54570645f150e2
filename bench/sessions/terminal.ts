import { sized } from '../lib/budget.js'
import { type Child, startChild } from '../lib/child.js'
import type { Benchmark } from '../lib/context.js'
import { compare, type Measured } from '../lib/measured.js'
import { watchGrowth } from '../lib/resident.js'
import { takeTurns } from '../lib/rounds.js'
import type { role as BarePty } from './bare-pty.js'
import { writeProgram } from './idle-agent.js'
import { type Plane, startPlane } from './starting.js'

/** `growth`: KiB of the processes between program and viewer, where the system tells. */
type Sample = { bytes: number; seconds: number; growth: (number | undefined)[] }

export const sessionsTerminal: Benchmark = {
  name: 'sessions-terminal',
  about: 'output of a program through a terminal of the runtime to a channel socket, against a bare PTY',
  run: async (context) => {
    const { budget } = context
    const megabytes = sized(budget, 100, 20, 1)
    const text = `#!/bin/sh\nyes | head -c ${megabytes}000000\n`
    const program = await writeProgram(await context.folder(), 'much', text)
    const plane = await startPlane(context)
    await plane.viewer.call('subscribe', { channel: 'terminals' })
    const pty = await startChild<typeof BarePty>(context, 'bare-pty')
    const sides = { ours: () => runOurs(plane, program), bare: () => runBare(pty, program) }
    if (budget.name !== 'smoke') await takeTurns(1, sides)
    const { ours, bare } = await takeTurns(sized(budget, 3, 2, 1), sides)
    return [rateLine(megabytes, ours, bare), ...growthLines(ours, bare)]
  },
}

async function runOurs({ viewer, server, hostPid }: Plane, program: string): Promise<Sample> {
  const stops = [watchGrowth(server.pid), watchGrowth(hostPid)]
  const run = await viewer.call('terminal', { program })
  return { ...run, growth: stops.map((stop) => stop()) }
}

async function runBare(pty: Child<typeof BarePty>, program: string): Promise<Sample> {
  const stop = watchGrowth(pty.pid)
  const run = await pty.call('terminal', { program })
  return { ...run, growth: [stop()] }
}

/** Only what reached the viewer counts: a plane that drops output must not look fast. */
function rateLine(megabytes: number, ours: readonly Sample[], bare: readonly Sample[]): Measured {
  const rate = ({ bytes, seconds }: Sample) => bytes / 1e6 / seconds
  const share = sum(ours.map(({ bytes }) => bytes)) / sum(bare.map(({ bytes }) => bytes))
  return compare({
    what: `${megabytes} MB of output`,
    unit: 'MB/s',
    ours: ours.map(rate),
    baseline: { name: 'bare PTY', values: bare.map(rate) },
    aim: { of: 'ratio', atLeast: 0.5 },
    note: `${Math.round(share * 100)} % of it reached the socket`,
  })
}

function growthLines(ours: readonly Sample[], bare: readonly Sample[]): Measured[] {
  const of = (samples: readonly Sample[], n: number) => samples.map(({ growth }) => growth[n] ?? Number.NaN)
  return ['server', 'host'].map((what, n) =>
    compare({
      what: `resident growth of the ${what}, at most`,
      unit: 'KiB',
      ours: of(ours, n),
      baseline: { name: 'bare PTY', values: of(bare, 0) },
    }),
  )
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)
