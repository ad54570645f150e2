// The bot's global commands: https://docs.discord.com/developers/interactions/application-commands

import { isJsonObject } from '@parley/kernel/wire'
import { ApplicationCommandType, Routes } from 'discord-api-types/v10'
import type { BotCommand } from '../port.js'
import type { Discord } from './discord.js'
import type { Failure } from './errors.js'

type Command = BotCommand & { id: string; type?: number }
const writeMs = 10_000

/** Reads, compares, writes when they differ. Entries of menus, which nobody types, stay as they are. */
export async function setCommands(discord: Discord, manifest: readonly BotCommand[]): Promise<void> {
  const { api, clock } = discord
  const route = Routes.applicationCommands(await applicationId(discord))
  const answer = await api.read<Command[]>(route)
  if (answer.outcome !== 'ok') throw failed(answer)
  const isTyped = ({ type = ApplicationCommandType.ChatInput }: Command) =>
    type === ApplicationCommandType.ChatInput
  if (isSame(answer.value.filter(isTyped), manifest)) return
  const kept = answer.value.filter((one) => !isTyped(one))
  const late = new AbortController()
  const stopTimer = clock.after(writeMs, () => late.abort())
  try {
    const written = await api.call({ method: 'PUT', route, body: [...manifest, ...kept] }, late.signal)
    if (written.outcome !== 'ok') throw failed(written)
  } finally {
    stopTimer()
  }
}

async function applicationId({ api, settings }: Discord): Promise<string> {
  if (settings.applicationId !== undefined) return settings.applicationId
  const answer = await api.read<{ id: string }>('/applications/@me')
  if (answer.outcome !== 'ok') throw failed(answer)
  return answer.value.id
}

const failed = (failure: Failure): Error =>
  new Error(
    failure.outcome === 'limited'
      ? 'Discord was asked too often for the commands'
      : `the commands could not be set: ${failure.error}`,
  )

function isSame(now: readonly BotCommand[], wanted: readonly BotCommand[]): boolean {
  if (now.length !== wanted.length) return false
  const text = (commands: readonly BotCommand[]) =>
    JSON.stringify(
      commands
        .map(({ name, description, options = [] }) => [name, description, canonical(options)])
        .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    )
  return text(now) === text(wanted)
}

/** Without what Discord leaves out or puts in by itself, and with its members in order. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (!isJsonObject(value)) return value
  const isSaid = (item: unknown) =>
    item != null && item !== false && !(Array.isArray(item) && item.length === 0)
  const entries = Object.entries(value).filter(([, item]) => isSaid(item))
  return Object.fromEntries(
    entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, item]) => [name, canonical(item)]),
  )
}
