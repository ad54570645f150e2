import { WebSocket } from 'ws'
import type { Target } from './http-input.js'
import type { Random } from './random.js'
import { anyKey, anyValue, toBody } from './values.js'

/** Opens a channel, sends odd frames in odd ways, leaves politely or not. Resolves with what happened. */
export function anySocket(base: string, random: Random, target: Target, deadlineMs: number): Promise<string> {
  const socket = new WebSocket(
    base.replace(/^http/, 'ws') + anyPath(random, target),
    anyProtocols(random, target),
  )
  const frames = Array.from({ length: random.below(8) }, () => anyFrame(random))
  const leave = random.pick<(socket: WebSocket) => void>([
    (open) => open.close(),
    (open) => open.close(random.pick([1000, 1001, 3000, 4999]), random.letters(20)),
    (open) => open.terminate(),
  ])
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      socket.terminate()
      reject(new Error('a socket neither opened nor closed'))
    }, deadlineMs)
    const end = (outcome: string) => {
      clearTimeout(timer)
      resolve(outcome)
    }
    socket.on('open', () => {
      for (const frame of frames) socket.send(frame.bytes, { binary: frame.binary })
      if (random.chance(0.2)) socket.ping(random.letters(10))
      leave(socket)
    })
    socket.on('unexpected-response', (_, response) => {
      socket.terminate()
      end(response.statusCode && response.statusCode >= 500 ? `fault ${response.statusCode}` : 'ws refused')
    })
    socket.on('error', () => end('ws error'))
    socket.on('close', () => end('ws closed'))
  })
}

function anyPath(random: Random, { sid, token, browserKey }: Target): string {
  const query = random.pick([
    `?token=${token}`,
    `?token=${token}`,
    '',
    '?token=',
    '?token=x',
    '?token=%ff%',
    `?x=1&token=${token}`,
  ])
  const key = random.pick([`/${browserKey}`, `/${browserKey}`, '', '/', '/x', '/%00', `/${browserKey}/x`])
  const id = random.chance(0.9) ? sid : random.pick(['x', '%', '__proto__', 'a'.repeat(500)])
  return `/ws/handshake/${id}${key}${query}`
}

function anyProtocols(random: Random, { token }: Target): string[] {
  return random.chance(0.9) ? [] : [random.pick([`hpp.token.${token}`, 'hpp.token.x', 'hpp.token.', 'chat'])]
}

function anyFrame(random: Random): { bytes: string | Uint8Array; binary: boolean } {
  const type = random.chance(0.7)
    ? 'userEdit'
    : random.pick(['auth', 'ping', 'connected', 'done', '__proto__', 5, null])
  const frame = { type, key: anyKey(random), value: anyValue(random), token: random.letters(5) }
  return { bytes: toBody(random, random.chance(0.9) ? frame : anyValue(random)), binary: random.chance(0.1) }
}
