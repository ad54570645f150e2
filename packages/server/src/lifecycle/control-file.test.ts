import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { readControl, removeControl, writeControl } from './control-file.js'

async function newDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'parley-control-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return join(directory, 'data')
}

const note = (pid: number) => ({ pid, url: 'http://127.0.0.1:1', token: 'pc_secret' })

/** The number of a process that has ended. */
const deadPid = () => spawnSync(process.execPath, ['--version']).pid

it('is read back, and only its user can read it', async () => {
  const directory = await newDirectory()
  await writeControl(directory, note(process.pid))

  expect(await readControl(directory)).toEqual(note(process.pid))
  expect((await stat(join(directory, 'control.json'))).mode & 0o777).toBe(0o600)
  expect((await stat(directory)).mode & 0o777).toBe(0o700)
})

it('of a process that is gone counts as none, and gives way to a new one', async () => {
  const directory = await newDirectory()
  await writeControl(directory, note(deadPid()))

  expect(await readControl(directory)).toBeUndefined()
  await writeControl(directory, note(process.pid))
  expect(await readControl(directory)).toEqual(note(process.pid))
})

it('is removed by its own server only', async () => {
  const directory = await newDirectory()
  await writeControl(directory, note(process.pid))

  await removeControl(directory, process.pid + 1)
  expect(await readControl(directory)).toBeDefined()
  await removeControl(directory, process.pid)
  expect(await readControl(directory)).toBeUndefined()
})

it('counts as none when it is missing or damaged', async () => {
  const directory = await newDirectory()
  expect(await readControl(directory)).toBeUndefined()
  await writeControl(directory, note(process.pid))

  for (const text of ['', '{', '{"pid": -1}', '[]']) {
    await writeFile(join(directory, 'control.json'), text)
    expect(await readControl(directory)).toBeUndefined()
  }
})
