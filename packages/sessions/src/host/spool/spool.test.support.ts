import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock, systemIds } from '@parley/kernel/ids'
import { onTestFinished } from 'vitest'
import type { HostEvent } from '../port.js'
import { openSpool, type Spool, type SpoolOptions } from './index.js'

/** A new directory that is removed when the test is over. */
export function tempDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'parley-host-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** A spool that is closed when the test is over. */
export async function testSpool(options: Partial<SpoolOptions> = {}): Promise<Spool> {
  const failures: unknown[] = []
  const spool = await openSpool({
    directory: tempDirectory(),
    clock: systemClock,
    ids: systemIds,
    onFailure: (error) => void failures.push(error),
    ...options,
  })
  onTestFinished(async () => {
    await spool.close()
    if (failures.length > 0) throw failures[0]
  })
  return spool
}

export const anEvent = (text: string, sessionId = 's1'): HostEvent => ({
  sessionId,
  type: 'rpc',
  data: { text },
})

/** Texts of all events after `n`, with their numbers. */
export async function allAfter(spool: Spool, n: number, pageBytes = 64 * 1024): Promise<[number, unknown][]> {
  const reader = spool.read(n)
  const found: [number, unknown][] = []
  for (let page = await reader.next(pageBytes); page.length > 0; page = await reader.next(pageBytes))
    for (const { n, frame } of page) found.push([n, textOf(frame)])
  return found
}

export function textOf(frame: Buffer | string): unknown {
  // The cast: frames that `anEvent` made.
  return (JSON.parse(frame.toString()) as { event: { data: { text: unknown } } }).event.data.text
}
