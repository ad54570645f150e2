// One browser-like client: a channel socket, every frame parsed, and prompts over REST.
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { WebSocket } from 'ws'
import { closedLoop } from '../lib/closed-loop.js'
import { countChunks } from './chunk-count.js'

/** Members of server messages that are looked at. */
type Message = {
  type: string
  message?: string
  channel?: string
  sessionId?: string
  seq?: number
  event?: { type: string; data: EventData }
}
type EventData = {
  method?: string
  phase?: string
  payload?: { update?: { content?: { text?: string } } }
  terminalId?: string
  data?: string
}

const keepAlive = new Agent({ keepAlive: true })
let socket: WebSocket | undefined
let port = 0
let listener: (message: Message) => void = () => {}

export const role = {
  async connect({ port: at }: { port: number }) {
    port = at
    socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, { perMessageDeflate: false })
    const connected = until(({ type }) => type === 'connected')
    socket.on('message', (data) => {
      // The cast: the contract's messages; nothing else is connected to.
      const message = JSON.parse(String(data)) as Message
      if (message.type === 'error') throw new Error(message.message)
      listener(message)
    })
    await Promise.all([once(socket, 'open'), connected])
  },
  /** Resolves when the channel is live. */
  async subscribe({ channel }: { channel: string }) {
    send({ action: 'subscribe', channel })
    await until((message) => message.type === 'subscribed' && message.channel === channel)
  },
  /** Prompts every session with `prompt` and counts the pieces, `count` of each, until all turns are over. */
  async updates({ sessions, prompt, count }: { sessions: readonly string[]; prompt: string; count: number }) {
    const counting = countChunks(sessions, count)
    const answered = until(({ sessionId = '', event }) => {
      const { method, phase, payload } = event?.data ?? {}
      const text = payload?.update?.content?.text
      if (method === 'session/update' && text !== undefined) counting.take(sessionId, text)
      return method === 'session/prompt' && phase === 'response'
    }, sessions.length)
    for (const sessionId of sessions) send({ action: 'prompt', sessionId, text: prompt })
    const [arrived] = await Promise.all([counting.arrived, answered])
    return arrived
  },
  /** One prompt after the other for `ms`. */
  async prompts({ session, prompt, ms }: { session: string; prompt: string; ms: number }) {
    return closedLoop({
      writers: 1,
      ms,
      call: () => post(`/api/agents/${session}/prompts`, { text: prompt }),
    })
  },
  /** Runs a program in a terminal of the runtime. `bytes`: of its output, as many as came before it ended. */
  async terminal({ program }: { program: string }) {
    let bytes = 0
    let id = ''
    const began = performance.now()
    send({ action: 'terminal.create', data: program })
    await until(({ event }) => {
      if (event?.type === 'terminal.started') id = event.data.terminalId ?? ''
      if (event?.type === 'terminal.data') bytes += event.data.data?.length ?? 0
      return event?.type === 'terminal.exit'
    })
    const seconds = (performance.now() - began) / 1000
    send({ action: 'terminal.kill', terminalId: id })
    return { bytes, seconds }
  },
  /** Subscribes a channel with everything that was; how many events came before it was live. */
  async replay({ channel }: { channel: string }) {
    let events = 0
    let last = 0
    const began = performance.now()
    send({ action: 'subscribe', channel, since: 0 })
    await until(({ type, seq = 0 }) => {
      if (type === 'event') events += 1
      if (type === 'event' && seq <= last) throw new Error(`Event ${seq} came after ${last}.`)
      last = seq
      return type === 'subscribed'
    })
    return { events, seconds: (performance.now() - began) / 1000 }
  },
  async close() {
    socket?.terminate()
    keepAlive.destroy()
  },
}

function send(message: object): void {
  socket!.send(JSON.stringify(message))
}

/** Resolves with the message for which `isIt` is true for the last of so many times. */
function until(isIt: (message: Message) => boolean, times = 1): Promise<void> {
  let left = times
  return new Promise((resolve) => {
    listener = (message) => {
      if (!isIt(message)) return
      left -= 1
      if (left > 0) return
      listener = () => {}
      resolve()
    }
  })
}

/** Resolves when the turn has ended. */
async function post(path: string, body: object): Promise<void> {
  const outgoing = request({
    agent: keepAlive,
    port,
    host: '127.0.0.1',
    path,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  })
  outgoing.end(JSON.stringify(body))
  const [answer] = await once(outgoing, 'response')
  let text = ''
  for await (const piece of answer) text += String(piece)
  // A prompt that was only queued has not run.
  if (answer.statusCode >= 300 || !text.includes('stopReason'))
    throw new Error(`${path}: ${answer.statusCode} ${text}`)
}
