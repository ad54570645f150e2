import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { HostResponse } from '../../protocol/index.js'
import type { HostEvent, HostEvents, HostRoute, Workspaces } from '../port.js'

/** A directory that is removed after the test. */
export async function tempDirectory(): Promise<string> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'parley-host-')))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/** Roots, and the sessions that are alive with their directories. */
export function workspaces(roots: string[], sessions: Record<string, string> = {}): Workspaces {
  return { roots, workspaceOf: (id) => sessions[id] }
}

type Body = Record<string, unknown>
export type Answer = { status: number; body: Body }
type Extra = { query?: Record<string, string>; body?: unknown }

/** Calls the first route that matches, as the router does. */
export async function call(routes: readonly HostRoute[], line: string, extra: Extra = {}): Promise<Answer> {
  const [method = '', path = ''] = line.split(' ')
  for (const [ofMethod, pattern, handler] of routes) {
    const params = ofMethod === method ? match(pattern, path) : undefined
    if (params) return answer(await handler({ method, path, params, ...extra }))
  }
  throw new Error(`no route for ${line}`)
}

function match(pattern: string, path: string): Record<string, string> | undefined {
  const [wanted, given] = [pattern.split('/'), path.split('/')]
  if (wanted.length !== given.length) return undefined
  const params: Record<string, string> = {}
  for (const [at, one] of wanted.entries()) {
    if (one.startsWith(':')) params[one.slice(1)] = given[at] ?? ''
    else if (one !== given[at]) return undefined
  }
  return params
}

// The cast: every body of these routes is an object.
const answer = ({ status, body }: HostResponse): Answer => ({ status, body: body as Body })

export type RecordedEvents = HostEvents & {
  emitted: HostEvent[]
  signals: { sessionId?: string; channel: string; data: unknown }[]
  /** From now on there is no room, until the function it returns is called. */
  block(): () => void
}

/** Remembers everything that a host would write down or send. */
export function recordEvents(): RecordedEvents {
  const emitted: RecordedEvents['emitted'] = []
  const signals: RecordedEvents['signals'] = []
  let room: Promise<void> | undefined
  return {
    emitted,
    signals,
    emit: (event) => void emitted.push(event),
    signal: (signal) => void signals.push(signal),
    room: () => room,
    synced: () => Promise.resolve(),
    block: () => {
      let release = () => {}
      room = new Promise((resolve) => {
        release = resolve
      })
      return () => {
        room = undefined
        release()
      }
    },
  }
}
