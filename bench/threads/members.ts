// Many Socket.IO clients in one process, on raw WebSockets: most only count bytes, a few look at every event.
import { randomBytes } from 'node:crypto'
import { connect as connectTcp, type Socket } from 'node:net'
import { createArrivals } from '../sockets/arrivals.js'

export type MembersOptions = {
  port: number
  /** One socket each: the token it shows, and the threads it joins. */
  members: readonly { token: string; threads: readonly string[] }[]
  /** What comes is thrown away. */
  isSilent: boolean
}

/** An event as both sides send it: its number, and as text the time at which it was sent. */
type Pushed = { thread_id: string; seq: number; content: { text: string }[] }

const arrivals = createArrivals((payload) => {
  if (!payload.startsWith('42["event",')) return undefined
  // The cast: both servers of the benchmark push these.
  const [, event] = JSON.parse(payload.slice(2)) as [string, Pushed]
  return { stream: event.thread_id, n: event.seq, at: Number(event.content[0]!.text.slice(0, 17)) }
})
const sockets: Socket[] = []

export const role = {
  /** Connects and joins, a few at a time; resolves when every join was answered. */
  async connect({ port, members, isSilent }: MembersOptions) {
    for (let from = 0; from < members.length; from += 50) {
      const some = members.slice(from, from + 50)
      sockets.push(...(await Promise.all(some.map((member) => open(port, member, isSilent)))))
    }
  },
  measure: arrivals.measure,
  settled: arrivals.settled,
  async disconnect() {
    for (const socket of sockets.splice(0)) socket.destroy()
  },
}

type Member = MembersOptions['members'][number]

async function open(port: number, { token, threads }: Member, isSilent: boolean): Promise<Socket> {
  const socket = await new Promise<Socket>((resolve, reject) => {
    const made = connectTcp({ port, host: '127.0.0.1', noDelay: true }, () => resolve(made))
    made.once('error', reject)
  })
  const upgraded = until(socket, '\r\n\r\n')
  socket.write(upgradeRequest)
  await upgraded
  const connected = until(socket, '40{')
  socket.write(maskedText(`40${JSON.stringify({ token })}`))
  await connected
  for (const [index, id] of threads.entries()) {
    const joined = until(socket, `43${index}[`)
    socket.write(maskedText(`42${index}["thread:join",${JSON.stringify({ thread_id: id })}]`))
    await joined
  }
  const take = arrivals.consumer(isSilent)
  socket.on('data', (chunk: Buffer) => {
    // An Engine.IO ping is a frame of one character, and comes alone.
    if (chunk.length === 3 && chunk[2] === 0x32) return void socket.write(maskedText('3'))
    take(chunk)
  })
  return socket
}

/** Resolves when the server has sent a text. */
function until(socket: Socket, text: string): Promise<void> {
  let seen = ''
  return new Promise((resolve) => {
    const look = (chunk: Buffer) => {
      seen += chunk.toString('latin1')
      if (!seen.includes(text)) return
      socket.off('data', look)
      resolve()
    }
    socket.on('data', look)
  })
}

const upgradeRequest =
  'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nhost: bench\r\nconnection: upgrade\r\nupgrade: websocket\r\n' +
  'sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'

/** A client's frame of one text of less than 64 KiB: masked, as the protocol wants. */
function maskedText(text: string): Buffer {
  const payload = Buffer.from(text)
  const mask = randomBytes(4)
  const head =
    payload.length < 126
      ? Buffer.from([0x81, 0x80 | payload.length])
      : Buffer.from([0x81, 0xfe, payload.length >> 8, payload.length & 0xff])
  return Buffer.concat([head, mask, payload.map((byte, index) => byte ^ mask[index % 4]!)])
}
