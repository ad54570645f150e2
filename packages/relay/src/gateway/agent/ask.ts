import type { PromptOption } from '../../protocol/index.js'
import { promptToken } from '../../protocol/index.js'
import { RelayActionError } from './action-error.js'
import type { Answer, Asks } from './asks.js'
import type { Chat } from './chat.js'

/** A question with buttons. */
export type Ask = {
  text: string
  /** Texts, or options with ids of their own (`[A-Za-z0-9_.-]`, at most 32). */
  options: readonly (string | PromptOption)[]
  /** `approval`, `clarify` or `choice`: how it looks. Default `choice`. */
  kind?: string
  /** Default one hour. */
  timeoutMs?: number
  /** Whose press counts. Default: whoever the connector lets talk to this gateway. */
  mayAnswer?: (userId: string | null) => boolean
}

const defaultMs = 3_600_000

export async function ask(
  { chat, asks }: { chat: Pick<Chat, 'act' | 'source' | 'signal'>; asks: Asks },
  { text, options: given, kind = 'choice', timeoutMs = defaultMs, mayAnswer }: Ask,
): Promise<Answer | undefined> {
  const options = given.map(toOption)
  const { promptId, answer, forget } = asks.open({ options, timeoutMs, signal: chat.signal, mayAnswer })
  const unfit = options.find(({ id }) => !promptToken(promptId, id))
  if (unfit || options.length === 0) {
    forget()
    throw new Error(unfit ? `an option can't have the id ${unfit.id}` : 'a question needs options')
  }
  const result = await chat.act({
    op: 'prompt',
    chat_id: chat.source.chat_id,
    prompt_kind: kind,
    prompt_id: promptId,
    content: text,
    options,
    timeout_s: Math.ceil(timeoutMs / 1000),
    reply_to: null,
  })
  // WHY: one that may have been put can be answered; one that was not can't.
  if (result.success || result.ambiguous) return answer
  forget()
  throw new RelayActionError(result)
}

const toOption = (option: string | PromptOption, index: number): PromptOption =>
  typeof option === 'string' ? { id: `c${index}`, label: option } : option
