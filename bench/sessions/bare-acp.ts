// The baseline: the ACP SDK alone, one process that starts the agents and reads them.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Readable, Writable } from 'node:stream'
import { type ClientContext, client, methods, ndJsonStream, PROTOCOL_VERSION } from '@agentclientprotocol/sdk'
import { closedLoop } from '../lib/closed-loop.js'
import { countChunks } from './chunk-count.js'
import type { Opening } from './sessions-server.js'

/** One agent. Its session's id is its own: agents of the benchmark all give the same. */
type Bare = { child: ChildProcess; agent: ClientContext; sessionId: string }

const bares: Bare[] = []
let onText: (bare: number, text: string) => void = () => {}

export const role = {
  async open({ command, count }: Opening) {
    while (count > bares.length) bares.push(await openOne(command, bares.length))
  },
  /** Prompts every agent and counts the pieces, `count` of each, until the last is there. */
  async updates({ prompt, count }: { prompt: string; count: number }) {
    const counting = countChunks(
      bares.map((_, n) => String(n)),
      count,
    )
    onText = (n, text) => counting.take(String(n), text)
    const [arrived] = await Promise.all([counting.arrived, ...bares.map((bare) => ask(bare, prompt))])
    return arrived
  },
  /** One prompt after the other for `ms`. */
  async prompts({ prompt, ms }: { prompt: string; ms: number }) {
    return closedLoop({ writers: 1, ms, call: () => ask(bares[0]!, prompt) })
  },
  async close() {
    await Promise.all(bares.splice(0).map(({ child }) => end(child)))
  },
}

async function openOne([command = '', ...args]: readonly string[], n: number): Promise<Bare> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const app = client({ name: 'bench' })
  app.onNotification(methods.client.session.update, ({ params: { update } }) => {
    if (update.sessionUpdate === 'agent_message_chunk' && update.content.type === 'text')
      onText(n, update.content.text)
  })
  // The cast: Node and the DOM each declare the type of one and the same stream.
  const output = Readable.toWeb(child.stdout) as ReadableStream<Uint8Array>
  const { agent } = app.connect(ndJsonStream(Writable.toWeb(child.stdin), output))
  await agent.request(methods.agent.initialize, { protocolVersion: PROTOCOL_VERSION })
  const { sessionId } = await agent.request(methods.agent.session.new, {
    cwd: process.cwd(),
    mcpServers: [],
  })
  return { child, agent, sessionId }
}

const ask = ({ agent, sessionId }: Bare, text: string): Promise<unknown> =>
  agent.request(methods.agent.session.prompt, { sessionId, prompt: [{ type: 'text', text }] })

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  child.kill()
  await ended
}
