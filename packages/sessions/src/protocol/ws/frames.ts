// The texts of frames. An event's own text is put in as it is stored: live and replayed frames are the same bytes.
import type { TerminalSignal } from '../link/frames.js'
import type { Channel } from './channels.js'

/** An event of a session on a channel socket and in the SSE stream. `event`: its JSON text. */
export function eventFrame(channel: Channel, sessionId: string, seq: number, event: string): string {
  const id = JSON.stringify(sessionId)
  return `{"type":"event","channel":${JSON.stringify(channel)},"sessionId":${id},"agentId":${id},"seq":${seq},"event":${event}}`
}

/** What a terminal of a runtime did; undefined for a signal that names no terminal. */
export function terminalFrame({ seq, event }: TerminalSignal): string | undefined {
  const { terminalId } = event.data
  if (typeof terminalId !== 'string') return undefined
  const channel = JSON.stringify(`terminals:${terminalId}`)
  return `{"type":"event","channel":${channel},"seq":${seq},"event":${JSON.stringify(event)}}`
}

/** An event on a per-session socket (section 3.1): both timestamps are the event's. */
export function sessionSocketFrame(event: string): string {
  return `{"type":"event","timestamp":${JSON.stringify(timestampOf(event))},"event":${event}}`
}

/** That a session began or ended. */
export function lifecycleFrame(type: 'session.created' | 'session.terminated', sessionId: string): string {
  return JSON.stringify({ type, sessionId, agentId: sessionId })
}

// The last member of an event's text; the pattern has nothing that `data` could be mistaken for, as no text follows it.
const lastMember = /,"timestamp":"([^"\\]{1,64})"\}$/

function timestampOf(event: string): unknown {
  const found = lastMember.exec(event.slice(-96))?.[1]
  if (found !== undefined) return found
  // The cast: an event is an object; whatever else it holds, what is missing is null.
  const { timestamp = null } = JSON.parse(event) as { timestamp?: unknown }
  return timestamp
}
