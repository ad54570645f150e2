import type { Target } from './http-input.js'
import type { Random } from './random.js'
import { manners, speakBytes } from './speak-bytes.js'

/**
 * Speaks bytes: broken framing, half-closed connections, bodies that never come, upgrades that are none.
 * The server may close or answer; it must not fall over, and must not hold a connection that was half closed.
 */
export function anyBytes(base: string, random: Random, target: Target, deadlineMs: number): Promise<string> {
  const bytes = anyText(random, target)
  const manner = random.pick(manners)
  return speakBytes({ url: base, bytes, manner, deadlineMs }, 'raw')
}

function anyText(random: Random, { sid, token, browserKey }: Target): string {
  const host = 'Host: x\r\n'
  const auth = `X-Handshake-Token: ${token}\r\n`
  const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n'
  const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'
  const ws = `GET /ws/handshake/${sid}/${browserKey}?token=${token} HTTP/1.1\r\n${host}`
  return random.pick([
    '',
    'GET',
    '\u0016\u0003\u0001\u0002\u0000',
    `GET /handshake/context/${sid} HTTP/1.1\r\n${host}${auth}\r\n`,
    `GET /handshake/context/${sid} HTTP/1.1\r\n${host}${auth}`,
    `POST /handshake/action/${sid} HTTP/1.1\r\n${host}${auth}Content-Length: 50\r\n\r\n{"actions":[`,
    `POST /handshake/action/${sid} HTTP/1.1\r\n${host}${auth}Content-Length: -1\r\n\r\n{}`,
    `POST /handshake/session HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n5\r\n{"a":`,
    `POST /handshake/session HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}`,
    `POST /handshake/session HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}`,
    `GET /handshake/context/${sid} HTTP/1.0\r\n\r\n`,
    `GET /handshake/nowhere HTTP/1.1\r\n${host}Expect: something-else\r\n\r\n`,
    `FOO /handshake/session HTTP/1.1\r\n${host}\r\n`,
    `GET  /handshake/session HTTP/9.9\r\n\r\n`,
    `GET http://evil.example/handshake/session HTTP/1.1\r\n${host}\r\n`,
    `GET /handshake/nowhere HTTP/1.1\r\n${host}X: ${'x'.repeat(random.pick([10, 20_000]))}\r\n\r\n`,
    `${ws}${upgrade}\r\n`,
    `${ws}${upgrade}${key}\r\n${random.letters(40)}`,
    `${ws}${upgrade}${key}\r\n\u0081\u0085\u0000`,
    `${ws}${upgrade}${key}\r\n\u0081\u007f\u007f\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff`,
    `${ws}${upgrade.replace('13', '99')}${key}\r\n`,
    `POST /ws/handshake/${sid} HTTP/1.1\r\n${host}${upgrade}${key}Content-Length: 0\r\n\r\n`,
  ])
}
