// Agents that misbehave in ways the demo agent does not: a few lines of JavaScript over bare JSON-RPC.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const prelude = `
const lines = require('node:readline').createInterface({ input: process.stdin })
const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n')
const reply = (message, result) => send({ id: message.id, result })
const say = (text) => send({ method: 'session/update', params: { sessionId: 's',
  update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } } } })
const ask = (id, options) => send({ id, method: 'session/request_permission', params: { sessionId: 's',
  toolCall: { toolCallId: 'call-' + id, title: 'Ask ' + id, kind: 'edit' }, options } })
const options = [
  { optionId: 'yes', name: 'Yes', kind: 'allow_once' },
  { optionId: 'no', name: 'No', kind: 'reject_once' },
]
const handlers = {
  initialize: (message) => reply(message, { protocolVersion: 1, agentCapabilities: {} }),
  'session/new': (message) => reply(message, { sessionId: 's' }),
}
lines.on('line', (line) => {
  const message = JSON.parse(line)
  ;(handlers[message.method] ?? on)(message)
})
`

/**
 * An agent whose `on(message)` gets everything but the handshake, which `handlers` hold by method. `send(message)`,
 * `reply(message, result)`, `say(text)`, `ask(id, options)` and `options` are at hand.
 */
export async function scriptedAgent(directory: string, source: string) {
  const file = join(directory, `agent-${crypto.randomUUID()}.cjs`)
  await writeFile(file, `${prelude}\n${source}`)
  return { command: process.execPath, args: [file] }
}
