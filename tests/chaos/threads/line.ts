import { io, type Socket } from 'socket.io-client'

const answerMs = 15_000

/** Connects to a node; rejects when it does not work. It never comes back by itself. */
export async function openLine(
  url: string,
  who: string,
  transport: 'websocket' | 'polling',
): Promise<Socket> {
  const socket = io(url, {
    forceNew: true,
    reconnection: false,
    transports: [transport],
    timeout: answerMs,
    auth: { token: who },
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', reject)
  }).catch((error: unknown) => {
    socket.disconnect()
    throw error
  })
  return socket
}

/** Asks over a socket. Rejects when no answer comes, and for a refusal. The type is a promise of the contract. */
export async function askOver<T>(socket: Socket, name: string, payload: object): Promise<T> {
  const answer = (await socket.timeout(answerMs).emitWithAck(name, payload)) as
    | (T & { error?: undefined })
    | { error: { code: string; message: string } }
  if (answer.error) throw new Refused(answer.error)
  return answer
}

/** A refusal in an acknowledgement. */
export class Refused extends Error {
  /** False for what is tried again: a fault, or too much at once. */
  readonly isFinal: boolean
  constructor({ code, message }: { code: string; message: string }) {
    super(`refused with ${code}: ${message}`)
    this.isFinal = code !== 'internal' && code !== 'rate_limited'
  }
}
