// The handshake plane as an application mounts it: `createHandshake` behind `node:http`.
import { createHandshake, type Handshake } from '@parley/handshake'
import { serve } from './serve.js'

export type Credentials = { id: string; token: string }

const fields = ['name', 'email', 'phone', 'street', 'city', 'note']
const unlimited = 1_000_000_000
let handshake: Handshake | undefined

/** Raised so that nobody is refused; each call still pays for counting. */
const rates = {
  agent: unlimited,
  extend: unlimited,
  edits: unlimited,
  failedTokens: unlimited,
  creations: unlimited,
}

export const role = {
  /** Opens the plane on a database and makes handshakes with a form of six fields, three of them filled. */
  async start({ database, count }: { database: string; count: number }) {
    const plane = createHandshake({ database, rates })
    handshake = plane
    await plane.ready
    const { server, port } = await serve((request, response) => plane.node(request, response))
    server.on('upgrade', (request, socket, head) => plane.upgrade(request, socket, head))
    const credentials = await Promise.all(Array.from({ length: count }, () => open(plane)))
    return { port, credentials }
  },
  async close() {
    await handshake?.stop()
  },
}

async function open(plane: Handshake): Promise<Credentials> {
  const { payload, status } = await plane.engine.createSession({
    mode: 'form-fill',
    schema: fields.map((key) => ({ key, type: 'string', label: `Your ${key}`, required: true })),
    context: { name: 'Ada', city: 'London', note: 'x'.repeat(100) },
  })
  if (status !== 200) throw new Error(`A handshake was refused: ${JSON.stringify(payload)}`)
  const { sessionId, token } = payload as Record<'sessionId' | 'token', string>
  return { id: sessionId, token }
}
