// Two people and two assistants plan a Sunday in one room. The server, its assistants and the people's clients are all in
// this file; `node dist/room.js` prints what they say.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pathToFileURL } from 'node:url'
import { assistant, createThreads, type Identity, text, user } from '@parley/threads'
import { createThreadsClient, type LiveThread, type ThreadsClient } from '@parley/threads/client'

// --- the server -------------------------------------------------------------------------------------------------

const people: Record<string, Identity> = {
  ada: user({ id: 'ada', name: 'Ada' }),
  ben: user({ id: 'ben', name: 'Ben' }),
}
const planner = assistant({ id: 'planner', name: 'Planner' })
const booker = assistant({ id: 'booker', name: 'Booker' })

/** Serves rooms on a free port. In an application `authenticate` asks your own sessions. */
export async function startRooms(): Promise<{ url: string; stop(): Promise<void> }> {
  const threads = createThreads({
    authenticate: ({ headers, auth }) => {
      const name = headers.authorization?.replace('Bearer ', '') ?? String(auth.token)
      return Object.hasOwn(people, name) ? people[name]! : null
    },
  })

  // Writes while it thinks, as a model would, and hands the booking to the other assistant by naming it.
  threads.assistant('planner', async function* (_ctx, send) {
    yield send.reasoning('Sunday, two people, no rain before four.')
    yield send.message(
      wordByWord('The boat to the island at ten, lunch at the mill. Booker, two seats please.'),
      {},
      {
        recipients: ['booker'],
      },
    )
  })

  // Does nothing that costs money before a person agrees.
  threads.assistant('booker', async function* (ctx, send) {
    const call = send.toolCall({
      name: 'book_boat',
      arguments: { seats: 2, at: '10:00' },
      metadata: { approval: 'required' },
    })
    yield call
    const { approved, by } = await ctx.approval(call)
    if (!approved) return yield send.message([text('Not booked.')])
    yield send.toolResult({ toolId: call.tool.id, result: { seats: ['A3', 'A4'] } })
    yield send.message([text(`Booked A3 and A4. ${by?.name} agreed.`)])
  })

  await threads.ready
  const server = createServer((request, response) => void threads.node(request, response)).on(
    'upgrade',
    threads.upgrade,
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    await threads.stop()
    server.closeAllConnections()
    await closed
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop }
}

async function* wordByWord(sentence: string): AsyncIterable<string> {
  for (const word of sentence.split(/(?<= )/)) {
    yield word
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

// --- the people -------------------------------------------------------------------------------------------------

/** Ada opens a room with everybody in it. */
export async function openRoom(ada: ThreadsClient): Promise<string> {
  const { id } = await ada.createThread({ metadata: { title: 'Sunday' } })
  for (const identity of [people.ben!, planner, booker]) await ada.addMember(id, identity)
  return id
}

/** Resolves with what `find` finds in a room, as soon as it is there. */
export function whenThere<T>(room: LiveThread, find: (room: LiveThread) => T | undefined): Promise<T> {
  return new Promise((resolve) => {
    const look = () => {
      const found = find(room)
      if (found === undefined) return
      stop()
      resolve(found)
    }
    const stop = room.subscribe(look)
    queueMicrotask(look)
  })
}

/** The story: Ada asks, the planner plans, the booker waits for Ben's word, and both people have read the same. */
export async function planSunday(
  url: string,
  say: (line: string) => void,
): Promise<Record<'ada' | 'ben', string[]>> {
  const clients = {
    ada: createThreadsClient({ url, token: 'ada' }),
    ben: createThreadsClient({ url, token: 'ben' }),
  }
  const id = await openRoom(clients.ada)
  const rooms = { ada: clients.ada.openThread(id), ben: clients.ben.openThread(id) }
  const stopTelling = tell(rooms.ada, say)

  await rooms.ada.send('Where shall we go on Sunday?', { recipients: ['planner'] })
  const callId = await whenThere(rooms.ben, openCall)
  say('Ben agrees to the booking.')
  await rooms.ben.approve(callId)
  await whenThere(rooms.ada, (room) => said(room, 'Booked'))
  await rooms.ada.send('See you at the pier!')
  await whenThere(rooms.ben, (room) => said(room, 'pier'))

  stopTelling()
  const heard = { ada: wordsIn(rooms.ada), ben: wordsIn(rooms.ben) }
  for (const client of Object.values(clients)) client.close()
  return heard
}

const openCall = (room: LiveThread): string | undefined => {
  const item = room.snapshot().timeline.find((one) => one.kind === 'tool' && one.approval === 'required')
  return item?.kind === 'tool' ? item.call.tool.id : undefined
}

const said = (room: LiveThread, words: string): true | undefined =>
  wordsIn(room).some((line) => line.includes(words)) || undefined

/** Every message, as `name: words`. */
function wordsIn(room: LiveThread): string[] {
  return room.snapshot().timeline.flatMap((item) => {
    if (item.kind !== 'message') return []
    const [part] = item.content
    return [`${item.event.author.name}: ${part?.type === 'text' ? part.text : ''}`]
  })
}

/** Says each message once it is there, and what is being written. */
function tell(room: LiveThread, say: (line: string) => void): () => void {
  let told = 0
  return room.subscribe(() => {
    const words = wordsIn(room)
    for (const line of words.slice(told)) say(line)
    told = words.length
  })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { url, stop } = await startRooms()
  await planSunday(url, (line) => console.info(line))
  await stop()
}
