import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { allAfter, tempDirectory, testSpool } from './spool.test.support.js'

// Runs the build: a process that writes until it is killed, and says what is on disk.
const program = `
  const [, spoolUrl, directory] = process.argv
  const { openSpool } = await import(spoolUrl)
  const { systemClock, systemIds } = await import('@parley/kernel/ids')
  const spool = await openSpool({ directory, clock: systemClock, ids: systemIds, segmentBytes: 8_000, onFailure: console.error })
  for (let n = spool.n + 1; ; n++) {
    spool.append({ sessionId: 's1', type: 'rpc', data: { text: 'e' + n } })
    if (n % 7 === 0) {
      await spool.synced()
      process.stdout.write(n + '\\n')
    }
  }
`

/** Kills it after it has reported a few times; resolves with the last number that it reported as synced. */
async function writeUntilKilled(directory: string, reports: number): Promise<number> {
  const dist = fileURLToPath(new URL('../../../dist/host/spool/index.js', import.meta.url))
  const cwd = fileURLToPath(new URL('../../..', import.meta.url))
  const args = ['--input-type=module', '--eval', program, dist, directory]
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = once(child, 'exit')
  let synced = 0
  let seen = 0
  for await (const line of createInterface({ input: child.stdout })) {
    synced = Number(line)
    if (++seen === reports) child.kill('SIGKILL')
  }
  await ended
  return synced
}

// proves: sessions.s79
test('whatever a killed host reported as synced is there, and numbering goes on', async () => {
  const directory = tempDirectory()
  let epoch: string | undefined
  for (const reports of [1, 20, 60]) {
    const synced = await writeUntilKilled(directory, reports)

    const spool = await testSpool({ directory, segmentBytes: 8_000 })
    const found = await allAfter(spool, 0)
    expect(spool.n).toBeGreaterThanOrEqual(synced)
    expect(found).toEqual(Array.from({ length: spool.n }, (_, at) => [at + 1, `e${at + 1}`]))
    expect(spool.epoch).toBe(epoch ?? spool.epoch)
    epoch = spool.epoch
    await spool.close()
  }
})
