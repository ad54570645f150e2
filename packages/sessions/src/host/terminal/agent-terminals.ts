import { randomUUID } from 'node:crypto'
import type { Clock } from '@parley/kernel/ids'
import type { AgentTerminals, OpenAgentTerminals } from '../agent/port.js'
import { answeringRefusals, HostError } from '../errors.js'
import { confine } from '../files/index.js'
import type { HostCall, HostEvents, HostRoute } from '../port.js'
import { type AgentTerminal, openAgentTerminal } from './agent-terminal.js'

const maxTerminals = 64

export type AgentTerminalsOptions = {
  events: HostEvents
  clock: Clock
  /** Default: random UUIDs. */
  newId?: () => string
}

/** Terminals of agents, with the routes that show them. */
export type AgentTerminalsRoom = { open: OpenAgentTerminals; routes: readonly HostRoute[] }

type Open = Map<string, AgentTerminal>

/** Commands that agents run by `terminal/*` of ACP: at most 64 of one agent, told as events of its session. */
export function createAgentTerminals(options: AgentTerminalsOptions): AgentTerminalsRoom {
  const sessions = new Map<string, Open>()
  const openFor: OpenAgentTerminals = (session) => {
    const open: Open = new Map()
    sessions.set(session.sessionId, open)
    const forget = () => {
      if (sessions.get(session.sessionId) === open) sessions.delete(session.sessionId)
    }
    return terminalsOf(options, session, open, forget)
  }
  return { open: openFor, routes: routesOf(sessions) }
}

function terminalsOf(
  { events, clock, newId = randomUUID }: AgentTerminalsOptions,
  { sessionId, cwd }: { sessionId: string; cwd: string },
  open: Open,
  forget: () => void,
): AgentTerminals {
  const ending = new Set<Promise<void>>()
  let starting = 0
  let isClosed = false
  const kill = (terminal: AgentTerminal) => {
    const ended = terminal.kill().finally(() => ending.delete(ended))
    ending.add(ended)
  }
  return {
    create: async (request) => {
      if (open.size + starting >= maxTerminals)
        throw new HostError(429, `Max terminals (${maxTerminals}) exceeded`)
      starting++
      try {
        const place = await confine([cwd], request.cwd)
        const id = `term-${newId()}`
        const inside = { ...request, cwd: place.real }
        const terminal = await openAgentTerminal({ id, request: inside, clock, events, sessionId })
        open.set(id, terminal)
        if (isClosed) kill(terminal)
        return id
      } finally {
        starting--
      }
    },
    output: (id) => {
      const { output, exit } = find(open, id)
      return { ...output(), ...(exit && { exitStatus: exit }) }
    },
    waitForExit: (id, signal) => unless(signal, find(open, id).ended),
    kill: (id) => kill(find(open, id)),
    release: (id) => {
      kill(find(open, id))
      open.delete(id)
    },
    close: async () => {
      isClosed = true
      const all = [...open.values()]
      for (const terminal of all) kill(terminal)
      forget()
      await Promise.all([...ending, ...all.map(({ ended }) => ended)])
    },
  }
}

function find(open: Open | undefined, id: string): AgentTerminal {
  const terminal = open?.get(id)
  if (!terminal) throw new HostError(404, `Terminal "${id}" not found`)
  return terminal
}

function unless<T>(signal: AbortSignal, result: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

function routesOf(sessions: ReadonlyMap<string, Open>): HostRoute[] {
  const of = ({ params }: HostCall) => sessions.get(params.id ?? '')
  const listAll = answeringRefusals((call) => {
    const open = of(call)
    if (!open) throw new HostError(404, 'Session not found')
    const terminals = [...open.values()].map(({ id, command, exit }) => {
      return { terminalId: id, command, ...(exit && { exitCode: exit.exitCode ?? -1 }) }
    })
    return { status: 200, body: { terminals } }
  })
  const showOne = answeringRefusals((call) => {
    const terminal = find(of(call), call.params.tid ?? '')
    return { status: 200, body: { terminalId: terminal.id, ...terminal.output() } }
  })
  return [
    ['GET', '/sessions/:id/terminals', listAll],
    ['GET', '/sessions/:id/terminals/:tid', showOne],
  ]
}
