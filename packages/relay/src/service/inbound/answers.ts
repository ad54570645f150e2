// Presses and answers to questions. Only what the driver itself calls a press is one: a text that looks like a token stays a text.
import type { Op } from '@parley/kernel/db'
import type { PlatformMessage } from '../../platforms/port.js'
import {
  type BotIdentity,
  type PromptOption,
  type PromptResponse,
  readPromptToken,
} from '../../protocol/index.js'
import type { InstanceKey, PromptRow } from '../../store/port.js'
import type { RelayDeps } from '../deps.js'
import { isSameInstance, type Meant } from '../routing/index.js'

/** For whom it is, and what each receiver is told was answered. */
export type Answer = {
  meant?: Meant
  of(key: InstanceKey): { response: PromptResponse; ops: readonly Op[] } | undefined
}

/** LIMIT: a longer text is no answer to a numbered question. */
const longestAnswer = 80

/** Whose a token is. Nobody's when its prompt is not known any more; then whoever is admitted may have asked. */
export async function meantBy(
  { store, ground }: RelayDeps,
  bot: BotIdentity,
  chatId: string,
  promptId: string,
): Promise<{ meant?: Meant; rows: PromptRow[] }> {
  const rows = await store.prompts.find(bot, chatId, promptId, ground.clock.micros())
  return { rows, ...(rows.length > 0 && { meant: { keys: rows, isStrict: true } }) }
}

/** `foreign`: a control that no prompt has made; nobody gets it (contract 5.7). */
export async function findAnswer(
  deps: RelayDeps,
  bot: BotIdentity,
  message: PlatformMessage,
): Promise<Answer | 'foreign' | undefined> {
  const { press, chat } = message
  if (!press) return await findTyped(deps, bot, message)
  const token = readPromptToken(press.token)
  if (!token) return 'foreign'
  const { rows } = await meantBy(deps, bot, chat.id, token.promptId)
  // A changed client sends whatever it likes: what was not offered is no answer, whoever has seen the question.
  const asked = rows.filter(({ options }) => options.some(({ id }) => id === token.optionId))
  if (rows.length > 0 && asked.length === 0) return 'foreign'
  const label = press.label ?? asked[0]?.options.find(({ id }) => id === token.optionId)?.label
  const response: PromptResponse = {
    prompt_id: token.promptId,
    option_id: token.optionId,
    ...(label !== undefined && { label }),
    prompt_message_id: press.messageId ?? null,
  }
  const meant: Meant | undefined = asked.length > 0 ? { keys: asked, isStrict: true } : undefined
  return { ...(meant && { meant }), of: () => ({ response, ops: [] }) }
}

/** A number or a label, where a question was shown as numbered text. It is answered by that: the next number is a text again. */
async function findTyped(
  { store, ground }: RelayDeps,
  bot: BotIdentity,
  message: PlatformMessage,
): Promise<Answer | undefined> {
  const text = message.text.trim()
  if (text === '' || text.length > longestAnswer || message.isEdit || message.media.length > 0)
    return undefined
  const open = await store.prompts.openTexts(bot, message.chat.id, ground.clock.micros())
  const replied = open.filter((row) => row.messageId !== null && row.messageId === message.replyTo?.messageId)
  const answered = (replied.length > 0 ? replied : open).flatMap((row) => {
    const option = optionOf(row.options, text)
    return option ? [{ row, option }] : []
  })
  if (answered.length === 0) return undefined
  return {
    meant: { keys: answered.map(({ row }) => row), isStrict: false },
    of: (key) => {
      const mine = answered.find(({ row }) => isSameInstance(row, key))
      return mine && { response: responseOf(mine), ops: [store.prompts.remove(mine.row)] }
    },
  }
}

function optionOf(options: readonly PromptOption[], text: string): PromptOption | undefined {
  const number = /^(\d{1,3})[.)]?$/.exec(text)?.[1]
  if (number !== undefined) return options[Number(number) - 1]
  return options.find(({ label }) => label.trim().toLowerCase() === text.toLowerCase())
}

const responseOf = ({ row, option }: { row: PromptRow; option: PromptOption }): PromptResponse => ({
  prompt_id: row.promptId,
  option_id: option.id,
  label: option.label,
  prompt_message_id: row.messageId,
})
