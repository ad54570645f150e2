// Which channels there are, and which of them an event belongs to (section 3.2.2).
import type { Channel } from './channels.js'
import type { WireEvent } from './index.js'

/** A channel of the table, taken apart. */
export type ParsedChannel =
  | { of: 'agents' }
  /** `only`: a part of what the session has; without it everything. */
  | { of: 'agent'; sessionId: string; only?: 'fs' }
  | { of: 'session'; sessionId: string; only?: 'fs' | 'queue' | 'terminal'; terminalId?: string }
  /** Terminals of a runtime, all or one. */
  | { of: 'terminals'; terminalId?: string }

const maxIdLength = 200

/** Undefined for everything that is not in the table; bare `session` and `agent` are no wildcards. */
export function parseChannel(channel: string): ParsedChannel | undefined {
  const [of, id, only, terminalId, ...more] = channel.split(':')
  if (more.length > 0 || [id, terminalId].some((part) => part !== undefined && !isId(part))) return undefined
  if (of === 'agents') return id === undefined ? { of } : undefined
  if (of === 'terminals') return only === undefined ? { of, ...(id && { terminalId: id }) } : undefined
  if (id === undefined) return undefined
  if (of === 'agent') return parseAgent(id, only, terminalId)
  return of === 'session' ? parseSession(id, only, terminalId) : undefined
}

const isId = (part: string): boolean => part.length > 0 && part.length <= maxIdLength && !/\s/.test(part)

function parseAgent(sessionId: string, only?: string, more?: string): ParsedChannel | undefined {
  if (more !== undefined) return undefined
  if (only === undefined) return { of: 'agent', sessionId }
  return only === 'fs' ? { of: 'agent', sessionId, only } : undefined
}

function parseSession(sessionId: string, only?: string, terminalId?: string): ParsedChannel | undefined {
  if (only === undefined) return { of: 'session', sessionId }
  if (only === 'terminal')
    return { of: 'session', sessionId, only, ...(terminalId !== undefined && { terminalId }) }
  if (terminalId !== undefined) return undefined
  return only === 'fs' || only === 'queue' ? { of: 'session', sessionId, only } : undefined
}

/** True for a channel of the table. */
export const isChannel = (channel: string): boolean => parseChannel(channel) !== undefined

export type EventKind = 'terminal' | 'queue' | 'fs'

const kinds: ReadonlyMap<string, EventKind> = new Map([
  ...['started', 'data', 'exit', 'create', 'output', 'release', 'wait_for_exit', 'kill'].map(
    (name) => [`terminal.${name}`, 'terminal'] as const,
  ),
  ...['updated', 'paused', 'resumed'].map((name) => [`queue.${name}`, 'queue'] as const),
  ...['filesystem.changed', 'filesystem.snapshot', 'file.preview'].map((name) => [name, 'fs'] as const),
])

/** What an event is about; undefined for those that only the whole session's channels carry. */
export function kindOfEvent({ type, data }: Pick<WireEvent, 'type' | 'data'>): EventKind | undefined {
  const { method } = data
  return kinds.get(type === 'rpc' && typeof method === 'string' ? method : type)
}

/** The channels that carry an event of a session, most specific first. */
export function channelsOfEvent(sessionId: string, event: Pick<WireEvent, 'type' | 'data'>): Channel[] {
  return [...specificChannels(sessionId, event), `session:${sessionId}`, `agent:${sessionId}`, 'agents']
}

function specificChannels(sessionId: string, event: Pick<WireEvent, 'type' | 'data'>): Channel[] {
  const kind = kindOfEvent(event)
  const session = `session:${sessionId}`
  if (kind === 'queue') return [`${session}:queue`]
  if (kind === 'fs') return [`${session}:fs`, `agent:${sessionId}:fs`]
  if (kind !== 'terminal') return []
  const { terminalId } = event.data
  const all = `${session}:terminal`
  return typeof terminalId === 'string' && terminalId !== '' ? [`${all}:${terminalId}`, all] : [all]
}

/** The channels that carry the terminal of a runtime, most specific first. */
export const channelsOfTerminal = (terminalId: string): Channel[] => [`terminals:${terminalId}`, 'terminals']

/** The channels whose subscribers are told that a session began or ended. */
export const channelsOfLifecycle = (sessionId: string): Channel[] => [
  `session:${sessionId}`,
  `agent:${sessionId}`,
  'agents',
]

/**
 * The tag of an event for a connection: the most specific of its channels that the connection subscribed to; undefined
 * when none is.
 */
export function tagOfEvent(
  channels: readonly Channel[],
  subscriptions: Pick<ReadonlySet<Channel>, 'has'>,
): Channel | undefined {
  return channels.find((channel) => subscriptions.has(channel))
}

/** The same for the terminal of a runtime: always `terminals:TID`, also for whoever subscribed to all of them. */
export function tagOfTerminal(
  terminalId: string,
  subscriptions: Pick<ReadonlySet<Channel>, 'has'>,
): Channel | undefined {
  const channels = channelsOfTerminal(terminalId)
  return tagOfEvent(channels, subscriptions) && channels[0]
}
