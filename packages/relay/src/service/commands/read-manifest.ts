import type { BotCommand } from '../../platforms/port.js'
import { textLength } from '../../protocol/index.js'
import { isBounded } from '../bots/bounded.js'

const [mostCommands, mostOptions] = [200, 25]
const [optionsDepth, optionsChars] = [8, 8_192]
const longestDescription = 100

/** The entries of a manifest that are commands (contract 2.6); the others are left out one by one. Of two with one name the first. */
export function readManifest(manifest: unknown): BotCommand[] {
  if (!Array.isArray(manifest)) return []
  const commands = new Map<string, BotCommand>()
  for (const entry of manifest.slice(0, mostCommands)) {
    const command = readCommand(entry)
    if (command && !commands.has(command.name)) commands.set(command.name, command)
  }
  return [...commands.values()]
}

function readCommand(entry: unknown): BotCommand | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined
  const { name, description, options } = entry as Record<string, unknown>
  if (typeof name !== 'string' || !/^[a-z0-9_-]{1,32}$/.test(name)) return undefined
  if (!isDescription(description)) return undefined
  return { name, description, ...(isOptions(options) && { options }) }
}

const isDescription = (value: unknown): value is string =>
  typeof value === 'string' &&
  value !== '' &&
  textLength(value, 'chars') <= longestDescription &&
  !/[\p{Cc}\p{Cs}]/u.test(value)

const isOptions = (value: unknown): value is unknown[] =>
  Array.isArray(value) &&
  value.length <= mostOptions &&
  isBounded(value, { depth: optionsDepth, chars: optionsChars })
