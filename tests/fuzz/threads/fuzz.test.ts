// The fuzzer meets servers with faults, so that its silence about ours means something.
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { randomFrom } from '../random.js'
import type { FuzzReport } from '../report.js'
import { fuzzThreads } from './fuzz.js'
import { anyRequest } from './http-input.js'
import { anyEvent } from './socket-input.js'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

const anything = { id: 'x', seq: 1, runs: [{ id: 'run_x' }] }

/** A server that takes everything, and answers the list of threads in one way. It knows no sockets. */
async function serverThat(fault: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((request, response) => {
    request.resume()
    response.setHeader('Content-Type', 'application/json')
    if (request.method === 'GET' && request.url?.startsWith('/acp/threads')) fault(response)
    else response.writeHead(201).end(JSON.stringify(anything))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // The cast: a server that listens on a port has an address with one.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const run = (url: string, isAlive = () => true) => fuzzThreads({ url, ns: url, runs: 80, seed: 7, isAlive })

const reasonsOf = ({ failures }: FuzzReport) => failures.map(({ reason }) => reason).join('\n')

describe('the fuzzer of threads', () => {
  test('reports a server error', async () => {
    const url = await serverThat((response) => response.writeHead(500).end('{"detail":"x"}'))

    expect(reasonsOf(await run(url))).toContain('status 500')
  })

  test.each([
    ['that is no JSON', 'text/html', '<h1>', 'content type of a refusal'],
    ['without an error', 'application/json', '{"detail":"not found"}', 'a refusal without an error'],
    ['without a code', 'application/json', '{"detail":"x","error":{"message":"x"}}', 'without a code'],
    [
      'that says two things',
      'application/json',
      '{"detail":"x","error":{"code":"y","message":"z"}}',
      'detail and message',
    ],
  ])('reports a refusal %s', async (_what, type, body, reason) => {
    const url = await serverThat((response) => response.writeHead(404, { 'Content-Type': type }).end(body))

    expect(reasonsOf(await run(url))).toContain(reason)
  })

  test('reports a control that does not work, sockets that do not, and a server that ended', async () => {
    const url = await serverThat((response) => response.writeHead(404).end('{}'))

    expect((await run(url)).failures.map(({ input }) => input)).toContain('the control at the start')
    expect(reasonsOf(await run(url))).toContain('connecting failed')
    expect(reasonsOf(await run(url, () => false))).toContain('the server ended')
  })

  test('makes the same inputs of the same seed', () => {
    const place = { url: 'http://x', namespace: '/', tenants: [{}] }
    const target = { ...place, threadId: 'th_1', eventId: 'evt_1', runId: 'run_1' }
    const inputs = (seed: number) => {
      const random = randomFrom(seed)
      const all = Array.from({ length: 50 }, () => [anyRequest(random, target), anyEvent(random, target)])
      return JSON.stringify(all)
    }

    expect(inputs(1)).toBe(inputs(1))
    expect(inputs(1)).not.toBe(inputs(2))
  })
})
