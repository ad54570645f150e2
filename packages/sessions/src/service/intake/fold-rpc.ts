import { isJsonObject } from '@parley/kernel/wire'
import type { SessionCommand, WireEvent } from '../../protocol/index.js'
import type { SessionChange, SessionRow } from '../../store/port.js'
import { toTitle } from '../titles.js'

const maxCommands = 500

/** What a message between a session's agent and its host changes. */
export function foldRpc(row: SessionRow, data: WireEvent['data']): SessionChange {
  const { method, phase, payload } = data
  if (method === 'session/prompt') return foldPrompt(row, phase, payload)
  if (method === 'session/update' && phase === 'notification') return foldUpdate(payload)
  return {}
}

function foldPrompt({ title }: SessionRow, phase: unknown, payload: unknown): SessionChange {
  if (phase === 'response') return { processing: false }
  if (phase !== 'request') return {}
  const text = title === null ? titleOf(payload) : undefined
  return { processing: true, ...(text !== undefined && { title: text }) }
}

/** Undefined when there is none. */
function titleOf(payload: unknown): string | undefined {
  const parts = isJsonObject(payload) && Array.isArray(payload.prompt) ? payload.prompt : []
  const texts = parts.map((part: unknown) =>
    isJsonObject(part) && typeof part.text === 'string' ? part.text : '',
  )
  return toTitle(texts.join(' '))
}

function foldUpdate(payload: unknown): SessionChange {
  const update = isJsonObject(payload) ? payload.update : undefined
  if (!isJsonObject(update) || update.sessionUpdate !== 'available_commands_update') return {}
  const list = Array.isArray(update.availableCommands) ? update.availableCommands : []
  return { commands: list.slice(0, maxCommands).flatMap(toCommand) }
}

function toCommand(value: unknown): SessionCommand[] {
  if (!isJsonObject(value) || typeof value.name !== 'string') return []
  return [{ name: value.name, description: typeof value.description === 'string' ? value.description : '' }]
}
