import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { systemClock, systemIds } from '../../ids/index.js'
import { lockDirectory } from './directory-lock.js'
import { isAlive, thisProcess } from './holder.js'
import { endedProcess, openInOtherProcess } from './testing/other-process.js'
import { tempDirectory } from './testing/temp-directory.js'

const inUse = { code: 'kernel.data_directory_in_use' }
const deps = { clock: systemClock, ids: systemIds }
const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

function newDirectory(): string {
  const { path, remove } = tempDirectory()
  cleanups.push(remove)
  return join(path, 'data')
}

/** A directory whose lock file has this content. */
function lockedBy(content: string): { path: string; file: string } {
  const path = newDirectory()
  const file = join(path, 'parley.lock')
  lockDirectory(path, deps)()
  writeFileSync(file, content)
  return { path, file }
}

test('a directory is made for its owner alone', () => {
  const path = newDirectory()

  cleanups.push(lockDirectory(path, deps))

  expect(statSync(path).mode & 0o777).toBe(0o700)
})

test('the same process can not open a directory twice, and can after it gave it back', () => {
  const path = newDirectory()
  const release = lockDirectory(path, deps)

  expect(() => lockDirectory(path, deps)).toThrow(expect.objectContaining(inUse))
  release()

  lockDirectory(path, deps)()
  expect(readdirSync(path)).toEqual([])
})

test('giving back twice does not take away the next lock', () => {
  const path = newDirectory()
  const release = lockDirectory(path, deps)
  release()
  cleanups.push(lockDirectory(path, deps))

  release()

  expect(() => lockDirectory(path, deps)).toThrow(expect.objectContaining(inUse))
})

test('a directory of a living process is refused', async () => {
  const path = newDirectory()
  const other = await openInOtherProcess(path)
  cleanups.push(other.kill)

  expect(() => lockDirectory(path, deps)).toThrow(expect.objectContaining(inUse))
})

test('a directory of a killed process is taken over', async () => {
  const path = newDirectory()
  const other = await openInOtherProcess(path)
  await other.kill()

  cleanups.push(lockDirectory(path, deps))

  expect(JSON.parse(readFileSync(join(path, 'parley.lock'), 'utf8'))).toMatchObject({ pid: process.pid })
  expect(readdirSync(path).filter((file) => file.startsWith('parley.lock'))).toEqual(['parley.lock'])
})

test('a lock of an earlier process with our number is taken over where the start of a process can be known', ({
  skip,
}) => {
  skip(thisProcess('t').start === undefined, 'this system does not tell when a process began')
  const { path } = lockedBy(JSON.stringify({ pid: process.pid, start: 'boot/1', token: 'old' }))

  lockDirectory(path, deps)()

  expect(isAlive(thisProcess('t'))).toBe(true)
})

test('a takeover that was itself cut off is finished by the next', async () => {
  const dead = await endedProcess()
  const { path, file } = lockedBy(JSON.stringify({ pid: dead, token: 'one' }))
  writeFileSync(`${file}.one`, JSON.stringify({ pid: dead, token: 'two' }))

  const release = lockDirectory(path, deps)

  expect(readdirSync(path)).toEqual(['parley.lock'])
  release()
})

test('a takeover under way is not joined', async () => {
  const { path, file } = lockedBy(JSON.stringify({ pid: await endedProcess(), token: 'one' }))
  writeFileSync(`${file}.one`, JSON.stringify(thisProcess('two')))

  expect(() => lockDirectory(path, deps)).toThrow(expect.objectContaining(inUse))
  expect(existsSync(file)).toBe(true)
})

test.each(['', '{"pid":', '{"pid":0,"token":"t"}', 'null'])(
  'a lock file with the content %j is left alone while it may be being written, and taken over later',
  (content) => {
    const { path, file } = lockedBy(content)

    expect(() => lockDirectory(path, deps)).toThrow(expect.objectContaining(inUse))
    utimesSync(file, 0, 0)

    lockDirectory(path, deps)()
    expect(readdirSync(path)).toEqual([])
  },
)
