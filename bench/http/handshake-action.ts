import { sized } from '../lib/budget.js'
import { startChild } from '../lib/child.js'
import type { Benchmark, Context } from '../lib/context.js'
import { compare, type Measured } from '../lib/measured.js'
import { takeTurns } from '../lib/rounds.js'
import type { role as BareHttp, Prepared } from './bare-http.js'
import { cpuNote, rates, runTurn, type Target } from './cpu-per-request.js'
import type { Credentials, role as HandshakeServer } from './handshake-server.js'
import { createLoad, type Load } from './load.js'
import type { role as OneTransaction } from './one-transaction-http.js'
import { prepare } from './prepared.js'

const body = JSON.stringify({
  stream: false,
  actions: [
    { key: 'email', value: 'ada@example.org' },
    { key: 'phone', value: '+44 20 7946 0000' },
  ],
})

export const handshakeAction: Benchmark = {
  name: 'handshake-action',
  about: 'POST action with two fields, durable, against a bare handler and against one transaction a request',
  run: async (context) => {
    const server = await startChild<typeof HandshakeServer>(context, 'handshake-server')
    // Batches of one handshake run one after the other: more handshakes than connections, so that none waits.
    const { port, credentials } = await server.call('start', { database: await context.folder(), count: 512 })
    const { id, token } = credentials[0]!
    const prepared = await prepare(`http://127.0.0.1:${port}/handshake/action/${id}`, {
      method: 'POST',
      body,
      headers: { 'x-handshake-token': token, 'content-type': 'application/json' },
    })
    const targets = { ours: { ...server, port }, ...(await startBaselines(context, prepared, credentials)) }

    const load = await createLoad(context)
    await load.tellCeiling(prepared, 32)
    const lines: Measured[] = []
    for (const connections of sized(context.budget, [32, 64], [32], [4]))
      lines.push(...(await measure(context, load, { targets, credentials, connections })))
    load.tellShare()
    return lines
  },
}

async function startBaselines(context: Context, prepared: Prepared, credentials: readonly Credentials[]) {
  const bare = await startChild<typeof BareHttp>(context, 'bare-http')
  const obvious = await startChild<typeof OneTransaction>(context, 'one-transaction-http')
  const folder = await context.folder()
  const ids = credentials.map(({ id }) => id)
  return {
    bare: { ...bare, ...(await bare.call('start', { prepared, parses: true })) },
    obvious: { ...obvious, ...(await obvious.call('start', { folder, prepared, ids })) },
  }
}

type Measuring = {
  targets: { ours: Target; bare: Target; obvious: Target }
  credentials: readonly Credentials[]
  connections: number
}

async function measure(
  { budget }: Context,
  load: Load,
  { targets, credentials, connections }: Measuring,
): Promise<Measured[]> {
  const requests = credentials.map(toRequest)
  const run = (target: Target, ms: number = budget.roundMs) =>
    runTurn(load, target, { requests, connections, ms })
  for (const target of Object.values(targets)) await run(target, budget.warmUpMs)
  const { ours, bare, obvious } = await takeTurns(budget.rounds, {
    ours: () => run(targets.ours),
    bare: () => run(targets.bare),
    obvious: () => run(targets.obvious),
  })
  const line = { what: `${connections} connections`, unit: '/s' as const, ours: rates(ours) }
  return [
    compare({
      ...line,
      baseline: { name: 'bare node:http', values: rates(bare) },
      aim: { of: 'ratio', atLeast: 0.3 },
      note: cpuNote(ours, bare),
    }),
    compare({
      ...line,
      baseline: { name: 'one transaction a request', values: rates(obvious) },
      aim: { of: 'ratio', atLeast: 4 },
      note: cpuNote(ours, obvious),
    }),
  ]
}

const toRequest = ({ id, token }: Credentials): string =>
  `POST /handshake/action/${id} HTTP/1.1\r\nhost: bench\r\nx-handshake-token: ${token}\r\n` +
  `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
