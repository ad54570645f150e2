// The fuzzer meets servers with faults, so that its silence about ours means something.
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { fuzz } from './fuzz.js'
import { anyRequest } from './http-input.js'
import { randomFrom } from './random.js'
import type { FuzzReport } from './report.js'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

const session = {
  sessionId: 'a'.repeat(32),
  token: 't'.repeat(32),
  notifyUrl: '/n/key',
  wsUrl: '/w',
  expiresIn: 1,
}

/** A server that answers every request after creation in one way. */
async function serverThat(fault: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((request, response) => {
    request.resume()
    response.setHeader('Content-Type', 'application/json')
    if (request.url === '/handshake/session') response.end(JSON.stringify(session))
    else fault(response)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const run = (url: string, isAlive = () => true) => fuzz({ url, runs: 60, seed: 7, isAlive })

const reasonsOf = ({ failures }: FuzzReport) => failures.map(({ reason }) => reason).join('\n')

describe('the fuzzer', () => {
  test('reports a server error', async () => {
    const url = await serverThat((response) => response.writeHead(500).end('{"error":"internal error"}'))

    expect(reasonsOf(await run(url))).toContain('status 500')
  })

  test('reports an error body that is not JSON', async () => {
    const url = await serverThat((response) =>
      response.writeHead(404, { 'Content-Type': 'text/html' }).end('<h1>'),
    )

    expect(reasonsOf(await run(url))).toContain('content type of an error')
  })

  test('reports a control session that does not work, and a server that ended', async () => {
    const url = await serverThat((response) => response.writeHead(404).end('{"error":"not found"}'))
    const report = await run(url, () => false)

    expect(report.failures.map(({ input }) => input)).toContain('the control session at the end')
    expect(reasonsOf(report)).toContain('the server ended')
  })

  test('names a reason once, however often it comes', async () => {
    const url = await serverThat((response) => response.writeHead(500).end('{"error":"internal error"}'))
    const faults = (await run(url)).failures.filter(({ reason }) => reason.startsWith('status 500'))

    expect(faults.length).toBe(1)
    expect(faults[0]?.times).toBeGreaterThan(5)
  })

  test('makes the same inputs of the same seed', () => {
    const target = { sid: 's', token: 't', browserKey: 'b' }
    const inputs = (seed: number) => {
      const random = randomFrom(seed)
      return JSON.stringify(Array.from({ length: 50 }, () => anyRequest(random, target)))
    }

    expect(inputs(1)).toBe(inputs(1))
    expect(inputs(1)).not.toBe(inputs(2))
  })
})
