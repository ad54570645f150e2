// The host as a process of its own: it outlives this one.
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { directoryHolder } from '@parley/kernel/directory-lock'
import type { Clock } from '@parley/kernel/ids'
import { hostMain } from './host-main.js'

export type HostProcessOptions = {
  dataDir: string
  socketPath: string
  tokenFile: string
  name: string
  cwd: string
  /** Sessions and files stay inside these; undefined: anywhere, files below `cwd`. */
  dirs: readonly string[] | undefined
  /** Files of the instance are looked at inside these, beside `dirs`. */
  roots: readonly string[] | undefined
  env: Readonly<Record<string, string | undefined>>
  allowSetup: boolean
  untilLinkLost: boolean
}

/** A process that was started here. */
export type StartedHost = {
  /** Resolves when it has ended, with how. */
  readonly ended: Promise<string>
}

const endWithinMs = 20_000
const goneWithinMs = 2_000
const lookMs = 25

/** Starts one. Another that runs on the directory goes on, and this one ends at once. */
export function startHostProcess(options: HostProcessOptions): StartedHost {
  const { dataDir, cwd, env } = options
  const output = openSync(outputFile(dataDir), 'w', 0o600)
  try {
    const child = spawn(process.execPath, [fileURLToPath(hostMain()), ...argumentsOf(options)], {
      cwd,
      env: { ...env },
      // A group of its own, and no terminal: what ends this server does not end the agents.
      detached: true,
      stdio: ['ignore', output, output],
    })
    child.unref()
    return { ended: endOf(child) }
  } finally {
    closeSync(output)
  }
}

/** With `=`: a value that begins with `-` is a value. */
function argumentsOf(options: HostProcessOptions): string[] {
  return [
    `--data-dir=${options.dataDir}`,
    `--connect=${options.socketPath}`,
    `--token-file=${options.tokenFile}`,
    `--name=${options.name}`,
    ...(options.dirs ?? []).map((dir) => `--dir=${dir}`),
    ...(options.roots ?? []).map((dir) => `--look=${dir}`),
    ...(options.allowSetup ? ['--allow-setup'] : []),
    ...(options.untilLinkLost ? ['--until-link-lost'] : []),
  ]
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) =>
      resolve(signal ? `ended by ${signal}` : `ended with exit code ${code}`),
    )
  })
}

/** True while a host has the directory, whoever started it. */
export const isHostRunning = (dataDir: string): boolean => directoryHolder(dataDir) !== undefined

/** Ends the host of a directory with its agents, and waits until it is gone. Harmless when there is none. */
export async function endHostProcess(dataDir: string, clock: Clock): Promise<void> {
  const pid = directoryHolder(dataDir)
  if (pid === undefined || pid === process.pid) return
  signal(pid, 'SIGTERM')
  for (let waited = 0; directoryHolder(dataDir) === pid; waited += lookMs) {
    if (waited >= endWithinMs) signal(pid, 'SIGKILL')
    await clock.sleep(lookMs)
  }
  // It gives its directory back a moment before it ends. Its number may be somebody else's by then: only looked at.
  for (let waited = 0; signal(pid, 0) && waited < goneWithinMs; waited += lookMs) await clock.sleep(lookMs)
}

/** False for a process that has ended by itself. */
function signal(pid: number, name: 'SIGTERM' | 'SIGKILL' | 0): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}

const tailChars = 4_000

/** The last of what it said: on its output, where a start fails early, else in its log. */
export async function hostTail(dataDir: string): Promise<string> {
  const read = (path: string) => readFile(path, 'utf8').catch(() => '')
  const output = (await read(outputFile(dataDir))).trim()
  const text = output === '' ? (await read(join(dataDir, 'host.log'))).trim() : output
  return text.slice(-tailChars)
}

const outputFile = (dataDir: string): string => join(dataDir, 'host-output.log')
