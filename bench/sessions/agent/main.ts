// The agent of the benchmarks: ACP over stdio by hand, so that it is never the slower side. Words of a prompt:
// `flood N` writes N pieces as fast as the pipe takes them, `pace N PER_SECOND` that many a second.
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { chunkText } from '../chunk.js'

type Request = { id?: number | string; method?: string; params?: { prompt?: { text?: string }[] } }

const sessionId = 'bench'
const atOnce = 100

const results: Readonly<Record<string, object>> = {
  initialize: { protocolVersion: 1, agentCapabilities: {} },
  'session/new': { sessionId },
}

const line = (message: object): string => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`

const update = (n: number): string =>
  line({
    method: 'session/update',
    params: {
      sessionId,
      update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: chunkText(n) } },
    },
  })

async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}

async function flood(count: number): Promise<void> {
  for (let n = 1; n <= count; n += atOnce) {
    let text = ''
    for (let next = n; next < n + atOnce && next <= count; next++) text += update(next)
    await write(text)
  }
}

async function pace(count: number, perSecond: number): Promise<void> {
  const began = performance.now()
  for (let n = 1; n <= count; n++) {
    while (performance.now() < began + (n * 1000) / perSecond) await sleep(1)
    await write(update(n))
  }
}

async function answer({ id, method = '', params }: Request): Promise<void> {
  if (id === undefined) return
  if (method !== 'session/prompt') return write(line({ id, result: results[method] ?? {} }))
  const [word, count, perSecond] = (params?.prompt?.[0]?.text ?? '').split(' ')
  if (word === 'flood') await flood(Number(count))
  if (word === 'pace') await pace(Number(count), Number(perSecond))
  await write(line({ id, result: { stopReason: 'end_turn' } }))
}

// The cast: whoever speaks to an agent speaks JSON-RPC.
for await (const text of createInterface({ input: process.stdin })) await answer(JSON.parse(text) as Request)
