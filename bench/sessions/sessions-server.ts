// Ours: the sessions plane as an application mounts it, its host process beside it, everything on disk.
import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { type Ground, openGround } from '@parley/kernel/ground'
import { rawJson } from '@parley/kernel/log'
import type { Principal } from '@parley/kernel/principal'
import { createSessions, type Sessions } from '@parley/sessions'
import { localRuntime } from '@parley/sessions/runtimes'
import { serve } from '../http/serve.js'
import { hostMemory, hostOf, observedHostEnv } from './host/host-process.js'
import { storedUpdate } from './stored-update.js'

/** `command`: the agent's program and its arguments. */
export type Opening = { command: readonly string[]; count: number }

const owner: Principal = { kind: 'user', id: 'bench', tenant: {}, scopes: ['*'] }
const actor = { kind: 'system', id: 'bench' } as const
const atOnce = 8
const perCommit = 500
let folder = ''
let sessions: Sessions | undefined
let ground: Ground | undefined
let server: Server | undefined
let opened = 0

export const role = {
  /** Opens the plane on a folder and starts its host. */
  async start({ at, profileTo }: { at: string; profileTo: string | undefined }) {
    folder = at
    ground = await openGround({ database: join(folder, 'database') })
    sessions = createSessions({
      ground,
      authenticate: () => owner,
      runtimes: { local: localRuntime({ cwd: folder, env: observedHostEnv(folder, profileTo) }) },
    })
    const { node, upgrade } = sessions
    const serving = await serve((request, response) => node(request, response))
    server = serving.server
    server.on('upgrade', upgrade)
    const service = await sessions.service()
    await service.startRuntime(owner, 'local')
    return { port: serving.port, hostPid: (await hostOf(folder)).pid }
  },
  /** Starts agents, each in a directory of its own. Answers the ids of their sessions. */
  async open({ command, count }: Opening): Promise<string[]> {
    const ids: string[] = []
    while (ids.length < count) {
      const some = Array.from({ length: Math.min(atOnce, count - ids.length) }, () => openOne(command))
      ids.push(...(await Promise.all(some)))
    }
    return ids
  },
  /** Writes so many updates into the log of a session, as the plane stores them. */
  async fill({ sessionId, count }: { sessionId: string; count: number }) {
    for (let from = 1; from <= count; from += perCommit) {
      const size = Math.min(perCommit, count - from + 1)
      const drafts = Array.from({ length: size }, (_, n) => ({
        type: 'rpc',
        actor,
        body: rawJson(storedUpdate(from + n)),
      }))
      await ground!.log.commit({ ops: [], appends: [{ stream: `session:${sessionId}`, drafts }] })
    }
  },
  /** Memory of the host, and the numbers of its agents' processes where the system tells them. */
  async host() {
    const { pid, rss, heap } = await hostMemory(folder)
    return { pid, rss, heap, agents: childrenOf(pid) }
  },
  async close() {
    await sessions?.stop({ sessions: 'terminate' })
    server?.closeAllConnections()
    server?.close()
    await ground?.close()
  },
}

async function openOne([command = '', ...args]: readonly string[]): Promise<string> {
  const cwd = join(folder, `work-${++opened}`)
  await mkdir(cwd)
  const service = await sessions!.service()
  const { id } = await service.createSession(owner, { spawn: { command, args }, cwd }, {})
  return id
}

/** OUTSIDE: only Linux keeps this list. */
function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
    return text === '' ? [] : text.split(' ').map(Number)
  } catch {
    return []
  }
}
