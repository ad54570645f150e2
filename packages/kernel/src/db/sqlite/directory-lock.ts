// A data directory belongs to one process: a lock file, created exclusively, taken over only from a
// process that ended.
import { mkdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { kernelErrors } from '../../errors/index.js'
import type { Clock, Ids, Stop } from '../../ids/index.js'
import { type Holder, isAlive, parseHolder, thisProcess } from './holder.js'

// LIMIT: a lock file without readable content is being written at this moment, or was cut off by a
//        power failure: after this time it is the latter.
const tornAfterMs = 10_000

type Deps = { clock: Clock; ids: Ids }

/**
 * Makes the directory (mode 0700) when it is missing and takes it for this process. Throws
 * `kernel.data_directory_in_use` while another opening holds it, in this process too. Gives it back when called.
 */
export function lockDirectory(directory: string, deps: Deps): Stop {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  return claim(join(directory, 'parley.lock'), deps)
}

/** Number of the living process that has a directory; undefined when none has. */
export function directoryHolder(directory: string): number | undefined {
  const holder = read(join(directory, 'parley.lock'))
  return holder && 'pid' in holder && isAlive(holder) ? holder.pid : undefined
}

function claim(path: string, deps: Deps): Stop {
  const token = deps.ids.hex(8)
  if (!create(path, thisProcess(token))) {
    takeOver(path, deps)
    if (!create(path, thisProcess(token))) throw inUse(path)
  }
  return () => {
    if (read(path)?.token === token) unlinkSync(path)
  }
}

// INVARIANT: a dead holder's file is removed only under a second lock that carries the dead holder's
//            token, and only after another look. So nobody removes the fresh lock of whoever was faster.
function takeOver(path: string, deps: Deps): void {
  const seen = read(path)
  if (seen === undefined) return
  assertDead(path, seen, deps.clock)
  const release = claim(`${path}.${seen.token}`, deps)
  try {
    if (read(path)?.token === seen.token) unlinkSync(path)
  } finally {
    release()
  }
}

function assertDead(path: string, holder: Holder | Torn, clock: Clock): void {
  const isDead = 'pid' in holder ? !isAlive(holder) : clock.now() - holder.writtenAt > tornAfterMs
  if (!isDead) throw inUse(path, 'pid' in holder ? holder.pid : undefined)
}

type Torn = { token: 'torn'; writtenAt: number }

function read(path: string): Holder | Torn | undefined {
  try {
    const holder = parseHolder(readFileSync(path, 'utf8'))
    return holder ?? { token: 'torn', writtenAt: statSync(path).mtimeMs }
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  }
}

function create(path: string, holder: Holder): boolean {
  try {
    writeFileSync(path, JSON.stringify(holder), { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  }
}

function inUse(path: string, pid?: number): Error {
  const who = pid === undefined ? 'Another process' : `Process ${pid}`
  return kernelErrors.dataDirectoryInUse({ message: `${who} uses this data directory (lock file ${path}).` })
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
