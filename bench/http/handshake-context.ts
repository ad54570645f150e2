import { sized } from '../lib/budget.js'
import { startChild } from '../lib/child.js'
import type { Benchmark, Context } from '../lib/context.js'
import { compare, type Measured } from '../lib/measured.js'
import { takeTurns } from '../lib/rounds.js'
import type { role as BareHttp } from './bare-http.js'
import { cpuNote, rates, runTurn, type Target } from './cpu-per-request.js'
import type { Credentials, role as HandshakeServer } from './handshake-server.js'
import { createLoad, type Load } from './load.js'
import { prepare } from './prepared.js'

export const handshakeContext: Benchmark = {
  name: 'handshake-context',
  about: 'GET context of a handshake over HTTP, against a bare node:http handler that answers the same bytes',
  run: async (context) => {
    const server = await startChild<typeof HandshakeServer>(context, 'handshake-server')
    const { port, credentials } = await server.call('start', { database: await context.folder(), count: 128 })
    const { id, token } = credentials[0]!
    const prepared = await prepare(`http://127.0.0.1:${port}/handshake/context/${id}`, {
      headers: { 'x-handshake-token': token },
    })
    const bare = await startChild<typeof BareHttp>(context, 'bare-http')
    const { port: barePort } = await bare.call('start', { prepared, parses: false })

    const targets = { ours: { ...server, port }, bare: { ...bare, port: barePort } }

    const load = await createLoad(context)
    await load.tellCeiling(prepared, 32)
    const lines: Measured[] = []
    for (const connections of sized(context.budget, [32, 64], [32], [4]))
      lines.push(await measure(context, load, { targets, credentials, connections }))
    load.tellShare()
    return lines
  },
}

type Measuring = {
  targets: { ours: Target; bare: Target }
  credentials: readonly Credentials[]
  connections: number
}

async function measure(
  { budget }: Context,
  load: Load,
  { targets, credentials, connections }: Measuring,
): Promise<Measured> {
  const requests = credentials.map(toRequest)
  const run = (target: Target, ms: number = budget.roundMs) =>
    runTurn(load, target, { requests, connections, ms })
  await run(targets.ours, budget.warmUpMs)
  await run(targets.bare, budget.warmUpMs)
  const { ours, bare } = await takeTurns(budget.rounds, {
    ours: () => run(targets.ours),
    bare: () => run(targets.bare),
  })
  return compare({
    what: `${connections} connections`,
    unit: '/s',
    ours: rates(ours),
    baseline: { name: 'bare node:http', values: rates(bare) },
    aim: { of: 'ratio', atLeast: 0.5 },
    note: cpuNote(ours, bare),
  })
}

const toRequest = ({ id, token }: Credentials): string =>
  `GET /handshake/context/${id} HTTP/1.1\r\nhost: bench\r\nx-handshake-token: ${token}\r\n\r\n`
