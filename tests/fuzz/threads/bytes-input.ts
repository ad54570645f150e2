import type { Random } from '../random.js'
import { manners, speakBytes } from '../speak-bytes.js'
import type { Target } from './target.js'

/**
 * Speaks bytes: broken framing, half-closed connections, bodies that never come, upgrades that are none. The server may
 * close or answer; it must not fall over, and must not hold a connection that was half closed.
 */
export function anyBytes(random: Random, target: Target, deadlineMs: number): Promise<string> {
  const bytes = anyText(random, target)
  const manner = random.pick(manners)
  return speakBytes({ url: target.url, bytes, manner, deadlineMs }, 'bytes')
}

function anyText(random: Random, { threadId }: Target): string {
  const host = 'Host: x\r\n'
  const auth = 'Authorization: Bearer alice\r\n'
  const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n'
  const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'
  const socket = `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n${host}`
  const messages = `POST /acp/threads/${threadId}/messages HTTP/1.1\r\n${host}${auth}`
  return random.pick([
    '',
    'GET',
    '\u0016\u0003\u0001\u0002\u0000',
    `GET /acp/threads HTTP/1.1\r\n${host}${auth}\r\n`,
    `GET /acp/threads HTTP/1.1\r\n${host}${auth}`,
    `${messages}Content-Length: 50\r\n\r\n{"content":[`,
    `${messages}Content-Length: -1\r\n\r\n{}`,
    `${messages}Transfer-Encoding: chunked\r\n\r\n5\r\n{"a":`,
    `${messages}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}`,
    `${messages}Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}`,
    `GET /acp/threads/${threadId} HTTP/1.0\r\n\r\n`,
    `GET /acp/nowhere HTTP/1.1\r\n${host}Expect: something-else\r\n\r\n`,
    `FOO /acp/threads HTTP/1.1\r\n${host}\r\n`,
    `GET  /acp/threads HTTP/9.9\r\n\r\n`,
    `GET http://evil.example/acp/threads HTTP/1.1\r\n${host}${auth}\r\n`,
    `OPTIONS * HTTP/1.1\r\n${host}\r\n`,
    `CONNECT evil.example:443 HTTP/1.1\r\n${host}\r\n`,
    `GET /acp/threads HTTP/1.1\r\n${host}X: ${'x'.repeat(random.pick([10, 20_000]))}\r\n\r\n`,
    `${socket}${upgrade}\r\n`,
    `${socket}${upgrade}${key}\r\n${random.letters(40)}`,
    `${socket}${upgrade}${key}\r\n\u0081\u0085\u0000`,
    `${socket}${upgrade}${key}\r\n\u0081\u007f\u007f\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff`,
    `${socket}${upgrade}${key}\r\n\u00c1\u0080\u0000\u0000\u0000\u0000`,
    `${socket}${upgrade}${key}\r\n\u0088\u0080\u0000\u0000\u0000\u0000`,
    `${socket}${upgrade.replace('13', '99')}${key}\r\n`,
    `${socket.replace('EIO=4&transport=websocket', '')}${upgrade}${key}\r\n`,
    `GET /nowhere HTTP/1.1\r\n${host}${upgrade}${key}\r\n`,
    `POST /socket.io/?EIO=4&transport=polling HTTP/1.1\r\n${host}Content-Length: 9\r\n\r\n40`,
  ])
}
