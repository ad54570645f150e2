import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { findPgbench } from './lib/postgres.js'
import { benchmarks } from './registry.js'

// The benchmarks are programs with child processes and run from the build (`tsc -b`).
const program = fileURLToPath(new URL('./dist/main.js', import.meta.url))
const run = promisify(execFile)
const hasPgbench = (await findPgbench()) !== undefined
if (!hasPgbench) process.stderr.write('No pgbench: append-postgres measures nothing here.\n')

test.each(benchmarks.map(({ name }) => name))('%s runs once and compares with its baseline', async (name) => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-bench-test-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'result.json')

  await run(process.execPath, [program, name, '--smoke', '--json', file])

  const [result] = JSON.parse(await readFile(file, 'utf8'))
  expect(result).toMatchObject({ name, budget: 'smoke', disk: expect.stringContaining('fsync') })
  if (name === 'append-postgres' && !hasPgbench) return
  expect(result.lines.length).toBeGreaterThan(0)
  for (const line of result.lines) {
    // Memory: not every system tells all of it, and a few sockets may take none that anybody could see: then no ratio.
    const isMemory = line.unit === 'KiB'
    if (!isMemory || process.platform === 'linux') expect(line.ours, line.what).toEqual(expect.any(Number))
    if (!isMemory) expect(line.baseline.ratio.median, line.what).toEqual(expect.any(Number))
  }
})

test('a name that is no benchmark is refused with the list of those there are', async () => {
  const refused = run(process.execPath, [program, 'no-such-thing'])

  await expect(refused).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining('history-growth') })
})
