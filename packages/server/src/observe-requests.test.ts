import { jsonResponse } from '@parley/kernel/http'
import { createLogger, createMetrics } from '@parley/kernel/telemetry'
import { fakeClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { kindOf, observeRequests } from './observe-requests.js'

const info = { remoteAddress: '127.0.0.1', requestId: 'req_1' }

function observed(answer: () => Response | Promise<Response>) {
  const lines: string[] = []
  const metrics = createMetrics()
  const logger = createLogger({ level: 'debug', destination: { write: (line) => void lines.push(line) } })
  const clock = fakeClock()
  return { fetch: observeRequests({ metrics, logger, clock }, answer), metrics, lines, clock }
}

test('answers are counted by method, status class and kind of path', async () => {
  const { fetch, metrics } = observed(() => jsonResponse(200, {}))

  await fetch(new Request('http://h/handshake/context/abc?token=secret'), info)

  const { body } = await metrics.render()
  expect(body).toContain(
    'parley_http_answer_seconds_count{method="GET",status="2xx",route="/handshake/context"} 1',
  )
})

test('neither a key in a path nor a token in a query reaches the log or the metrics', async () => {
  const { fetch, metrics, lines } = observed(() => jsonResponse(200, {}))

  await fetch(new Request('http://h/handshake/notify/sid/browser-key?token=secret', { method: 'POST' }), info)

  expect(lines).toHaveLength(1)
  for (const text of [lines.join(), (await metrics.render()).body]) {
    expect(text).not.toContain('browser-key')
    expect(text).not.toContain('secret')
  }
})

test('a slow answer and a failed one are worth a warning', async () => {
  const slow = observed(async () => {
    await slow.clock.advance(1_500)
    return jsonResponse(200, {})
  })
  const failed = observed(() => jsonResponse(500, {}))

  await slow.fetch(new Request('http://h/'), info)
  await failed.fetch(new Request('http://h/'), info)

  for (const { lines } of [slow, failed]) expect(JSON.parse(lines[0]!)).toMatchObject({ level: 'warn' })
})

test.each([
  ['/handshake/context/x', '/handshake/context'],
  ['/handshake/made-up', '/handshake'],
  ['/acp/threads/th_1/events', '/acp/threads'],
  ['/acp/made-up', '/acp'],
  ['/parley/v1/keys/key_1', '/parley/v1'],
  ['/metrics', '/metrics'],
  ['/anything/else', '/'],
])('%s is of the kind %s', (path, kind) => {
  expect(kindOf(`http://h${path}`)).toBe(kind)
})
