// Ours: the threads plane as an application mounts it, `createThreads` behind `node:http`.
import { type Caller, createThreads, type Threads, type ThreadsService, text, user } from '@parley/threads'
import { serve } from '../http/serve.js'
import { createSending } from '../lib/sending.js'
import { words } from './words.js'

/** `rooms`: the members of each thread, by the tokens that they show; the first one writes. */
export type RoomsOptions = { database: string; rooms: readonly (readonly string[])[] }

const unlimited = 1_000_000_000
const sending = createSending()
let plane: Threads | undefined
let service: ThreadsService | undefined
let threads: { id: string; writer: Caller }[] = []

const identityOf = (token: string) => user({ id: token, name: token })

export const role = {
  /** Opens the plane with its threads. Answers their ids. */
  async start({ database, rooms }: RoomsOptions) {
    plane = createThreads({
      database,
      authenticate: ({ auth }) => (typeof auth.token === 'string' ? identityOf(auth.token) : null),
      limits: { writesPer10Seconds: unlimited },
    })
    const { node, upgrade } = plane
    service = await plane.service()
    for (const tokens of rooms) threads.push(await openRoom(service, tokens))
    const { server, port } = await serve((request, response) => node(request, response))
    server.on('upgrade', upgrade)
    return { port, threads: threads.map(({ id }) => id) }
  },
  /** Writers that each wait until their message is durable, thread after thread, until `stopSending`. */
  async append({ writers }: { writers: number }) {
    let next = 0
    const write = async () => {
      while (sending.isOn) {
        const { id, writer } = threads[next++ % threads.length]!
        await service!.sendMessage(writer, id, () => ({ content: [text(words())] }))
      }
    }
    await sending.run(() => Promise.all(Array.from({ length: writers }, write)))
  },
  /** Writes so many messages into the first thread. */
  async fill({ count }: { count: number }) {
    const { id, writer } = threads[0]!
    for (let n = 0; n < count; n++)
      await service!.sendMessage(writer, id, () => ({ content: [text(words())] }))
  },
  async stopSending() {
    sending.stop()
  },
  async close() {
    threads = []
    await plane?.stop()
  },
}

async function openRoom(opened: ThreadsService, [first = '', ...others]: readonly string[]) {
  const writer = await opened.authenticate({ headers: {}, auth: { token: first } })
  const { id } = await opened.createThread(writer, {})
  for (const token of others)
    await opened.addMember(writer, id, () => ({ identity: identityOf(token), role: 'member' }))
  return { id, writer }
}
