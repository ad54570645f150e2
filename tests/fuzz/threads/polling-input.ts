import { type Answer, send } from '../../compliance/core/http.js'
import type { Random } from '../random.js'
import { anyEvent } from './socket-input.js'
import type { Target } from './target.js'

const address = '/socket.io/?EIO=4&transport=polling'

/** Speaks long polling by hand, rightly or wrongly; goes away without a word now and then. */
export async function anyPolling(random: Random, target: Target, deadlineMs: number): Promise<string> {
  const ask = async (method: string, path: string, body?: string | Uint8Array): Promise<Answer> => {
    const answer = await send(target.url, { method, path, body, deadlineMs })
    if (answer.status >= 500) throw new Error(`long polling: ${method} ${path} answered ${answer.status}`)
    return answer
  }
  if (random.chance(0.2)) {
    await ask(
      random.pick(['GET', 'POST', 'PUT', 'OPTIONS', 'DELETE']),
      oddAddress(random),
      random.chance(0.5) ? 'x' : undefined,
    )
    return 'polling odd'
  }
  const opened = await ask('GET', address)
  const sid = /"sid":"([^"]+)"/.exec(opened.text)?.[1]
  if (!sid) throw new Error(`long polling was opened with ${opened.status}: ${opened.text.slice(0, 100)}`)
  const path = `${address}&sid=${sid}`
  for (const body of [connect(target), ...bodies(random, target)]) {
    const { status } = await ask('POST', path, body)
    if (status >= 400) return 'polling closed'
  }
  if (random.chance(0.5)) await ask('GET', path)
  // WHY: mostly. A session that is left lives on for a while, and there are only so many of one identity.
  if (random.chance(0.97)) await ask('POST', path, '1')
  return 'polling served'
}

const connect = ({ namespace }: Target) => `40${namespace === '/' ? '' : `${namespace},`}{"token":"alice"}`

const oddAddress = (random: Random) =>
  random.pick([
    '/socket.io',
    '/socket.io/',
    '/socket.io/?EIO=4&transport=polling&sid=x',
    '/socket.io/?EIO=4&transport=polling&sid=__proto__',
    '/socket.io/?EIO=4&transport=polling&sid=%00',
    '/socket.io/?EIO=4&transport=constructor',
    '/socket.io/?EIO=4&transport=polling&j=0',
    '/socket.io/?EIO=4&transport=polling&j=%22%3Cscript%3E',
    '/socket.io/?EIO[]=4&transport[]=polling',
    '/socket.io/../acp/threads',
    '/socket.io/%00',
  ])

/** Bodies of packets, some of them broken. */
function bodies(random: Random, target: Target): (string | Uint8Array)[] {
  return Array.from({ length: random.below(4) }, () => {
    const [name, payload] = anyEvent(random, target)
    const packet = `42${random.below(100)}${JSON.stringify([name, payload])}`
    return random.pick<string | Uint8Array>([
      packet,
      packet,
      `${packet}\u001e${packet}`,
      '\u001e'.repeat(random.pick([1, 1_000, 50_000])),
      'bAAAA',
      `b${'A'.repeat(1_000)}`,
      'b!',
      '',
      packet.slice(0, 8),
      '1',
      '3',
      Buffer.from([0xff, 0xfe, 0x00]),
      'x'.repeat(1_200_000),
    ])
  })
}
