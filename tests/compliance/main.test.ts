import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BrokenServer, startBrokenServer } from './core/broken-server.js'

const program = fileURLToPath(new URL('./main.ts', import.meta.url))

/** Runs the command to its end. */
async function compliance(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { code, out, err }
}

describe('the compliance command', () => {
  let server: BrokenServer
  beforeAll(async () => {
    server = await startBrokenServer()
  })
  afterAll(() => server.stop())

  test('prints a report for machines, and ends with 1 when something is red', async () => {
    const { code, out } = await compliance('--base', server.url, '--json', '--only', 'H-02.1,H-01.1,H-16.1')
    const { results } = JSON.parse(out) as { results: Record<string, unknown>[] }

    expect(code).toBe(1)
    expect(results).toMatchObject([
      { id: 'H-01.1', kind: 'base', status: 'red', detail: expect.any(String) },
      { id: 'H-02.1', kind: 'base', status: 'green', detail: '' },
      { id: 'H-16.1', kind: 'hardening', status: 'n/a', detail: expect.any(String) },
    ])
  })

  test('prints a table for people, and ends with 0 when nothing is red', async () => {
    const { code, out } = await compliance('--base', server.url, '--only', 'H-02.1')

    expect(code).toBe(0)
    expect(out).toContain('green  H-02.1  base')
  })

  test('explains itself when it is called wrongly', async () => {
    for (const args of [[], ['--base', server.url, '--kind', 'odd'], ['--nonsense']]) {
      const { code, err } = await compliance(...args)

      expect(code).toBe(2)
      expect(err).toContain('Usage: compliance --base URL')
    }
  })
})
