import { WebSocket } from 'ws'
import type { Random } from '../random.js'
import { anyValue, toBody } from '../values.js'
import { anyEvent } from './socket-input.js'
import type { Target } from './target.js'

/**
 * Speaks Engine.IO packets by hand over a WebSocket, right and wrong ones, and leaves politely or not. Resolves with what
 * became of it; the server may close at any time, but must not fall over.
 */
export function anyPackets(random: Random, target: Target, deadlineMs: number): Promise<string> {
  const socket = new WebSocket(target.url.replace(/^http/, 'ws') + anyAddress(random))
  const packets = [
    ...opening(random, target),
    ...Array.from({ length: random.below(12) }, () => anyPacket(random, target)),
  ]
  const leave = random.pick<(socket: WebSocket) => void>([
    (open) => open.close(),
    (open) => open.close(random.pick([1000, 1001, 3000, 4999]), random.letters(20)),
    (open) => open.terminate(),
    // Waits for the server's answer to the first packets, so that they are served and not only read.
    (open) => open.once('message', () => open.close()),
  ])
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      socket.terminate()
      reject(new Error('a socket of raw packets neither opened nor closed'))
    }, deadlineMs)
    const end = (outcome: string) => {
      clearTimeout(timer)
      resolve(outcome)
    }
    socket.on('open', () => {
      for (const packet of packets) socket.send(packet)
      if (random.chance(0.2)) socket.ping(random.letters(10))
      leave(socket)
    })
    socket.on('unexpected-response', (_, { statusCode = 0 }) => {
      socket.terminate()
      end(statusCode >= 500 ? `fault ${statusCode}` : 'packets refused')
    })
    socket.on('error', () => end('packets error'))
    socket.on('close', () => end('packets closed'))
  })
}

function anyAddress(random: Random): string {
  if (random.chance(0.9)) return '/socket.io/?EIO=4&transport=websocket'
  return random.pick([
    '/socket.io/',
    '/socket.io/?EIO=3&transport=websocket',
    '/socket.io/?EIO=4&transport=x',
    '/socket.io/?EIO=4&transport=__proto__',
    '/socket.io/?EIO=4&transport=websocket&sid=x',
    '/socket.io/?EIO=4&transport=websocket&sid=__proto__',
    '/socket.io/?EIO=%ff&transport=websocket',
    '/socket.iox/?EIO=4&transport=websocket',
    '/acp/threads',
  ])
}

const prefixOf = ({ namespace }: Target) => (namespace === '/' ? '' : `${namespace},`)

/** Mostly connects as somebody first. */
function opening(random: Random, target: Target): string[] {
  if (random.chance(0.15)) return []
  const token = random.pick(['alice', 'bob', 'carol', 'nobody'])
  return [`40${prefixOf(target)}${JSON.stringify({ token })}`]
}

const wrong = [
  '',
  '0',
  '1',
  '2',
  '2probe',
  '3',
  '5',
  '6',
  '7',
  'x',
  '4',
  '40',
  '41',
  '42',
  '43',
  '44',
  '45',
  '46',
  '49',
  '40{',
  '40[]',
  '40"x"',
  '40null',
  '40/nowhere,',
  '40/nowhere,{"token":"alice"}',
  '40,',
  '40//,{}',
  '41/nowhere,',
  '42[]',
  '42{}',
  '42[null]',
  '42[1]',
  '42[{}]',
  '42["connect"]',
  '42["disconnect"]',
  '42["error",1]',
  '42["newListener",1]',
  '42["__proto__",{}]',
  '42["thread:join"',
  '42999999999999999999["thread:leave",{}]',
  '42-1["thread:leave",{}]',
  '430[]',
  '43["x"]',
  '4399999[{"a":1}]',
  '44{"message":"x"}',
  '44',
  '42/nowhere,["thread:join",{}]',
  '451-["thread:join",{"_placeholder":true,"num":0}]',
  '451-["thread:join",{"_placeholder":true,"num":7}]',
  '451-["thread:join",{"_placeholder":true,"num":"__proto__"}]',
  '459-["x"]',
  '45-["x"]',
  '4599999999-["x"]',
  '461-0[{"_placeholder":true,"num":0}]',
  '450-["thread:join",{}]',
  '\u0000',
  '😀',
  '4\ud800',
]

/** One packet or a flood of them, as text or as bytes. */
function anyPacket(random: Random, target: Target): string | Buffer {
  const dice = random.below(100)
  const [name, payload] = anyEvent(random, target)
  const head = `42${prefixOf(target)}`
  if (dice < 45) return `${head}${random.below(1_000)}${JSON.stringify([name, payload])}`
  if (dice < 55) return `${head}${JSON.stringify([name, payload, anyValue(random)])}`
  if (dice < 65)
    return Buffer.concat([Buffer.from(`${head}1`), Buffer.from(toBody(random, [name, payload]))]).toString()
  if (dice < 85) return random.pick(wrong)
  if (dice < 92) return Buffer.from(random.letters(random.pick([0, 1, 100, 10_000])))
  if (dice < 95) return `43${random.below(100)}${JSON.stringify([anyValue(random)])}`
  if (dice < 97) return 'x'.repeat(random.pick([100_000, 1_100_000]))
  return `${head}1["thread:leave",{"thread_id":"${'x'.repeat(random.below(300))}"}]`
}
