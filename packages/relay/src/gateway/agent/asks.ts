// Questions with buttons that wait for a press (contract 5.7).

import type { Clock, Ids, Stop } from '@parley/kernel/ids'
import type { PromptOption, PromptResponse } from '../../protocol/index.js'

/** Who chose what. `undefined` in its place: nobody did in time. */
export type Answer = PromptOption & { userId: string | null }

export type Waiting = {
  promptId: string
  /** Resolves with the first answer, with undefined when time is over; rejects when the signal aborts. */
  answer: Promise<Answer | undefined>
  /** Nobody can answer: the question was never put. */
  forget(): void
}

/** What a press is to this process. `foreign`: another gateway's; `repeated`: it was answered before. */
export type PressOutcome = 'answered' | 'repeated' | 'foreign' | 'unknown'

export interface Asks {
  readonly nonce: string
  open(asked: {
    options: readonly PromptOption[]
    timeoutMs: number
    signal?: AbortSignal
    mayAnswer?: (userId: string | null) => boolean
  }): Waiting
  press(press: PromptResponse, userId: string | null): PressOutcome
}

/** LIMIT: answers that are remembered, so that a second press is not told that the question is unknown. */
const maxAnswered = 256
/** What an option that nobody offered counts as: the one that does nothing. */
const safe = ['deny', 'cancel']

type Open = {
  options: readonly PromptOption[]
  mayAnswer(userId: string | null): boolean
  end(answer?: Answer): void
}

export function createAsks({ clock, ids }: { clock: Clock; ids: Ids }): Asks {
  const nonce = ids.hex(3)
  const open = new Map<string, Open>()
  const answered = new Set<string>()

  const remember = (promptId: string) => {
    answered.add(promptId)
    for (const oldest of answered) {
      if (answered.size <= maxAnswered) return
      answered.delete(oldest)
    }
  }

  return {
    nonce,
    open: ({ options, timeoutMs, signal, mayAnswer = () => true }) => {
      const promptId = `${nonce}.${ids.hex(4)}`
      let stop: Stop = () => {}
      let onAbort = () => {}
      const close = () => {
        open.delete(promptId)
        stop()
        signal?.removeEventListener('abort', onAbort)
      }
      const answer = new Promise<Answer | undefined>((resolve, reject) => {
        const end = (given?: Answer) => {
          close()
          resolve(given)
        }
        onAbort = () => {
          close()
          reject(signal?.reason)
        }
        stop = clock.after(timeoutMs, () => end())
        signal?.addEventListener('abort', onAbort, { once: true })
        open.set(promptId, { options, mayAnswer, end })
        if (signal?.aborted) onAbort()
      })
      // Whoever put the question may have failed to, and not look at this any more.
      answer.catch(() => {})
      return { promptId, answer, forget: close }
    },
    press: ({ prompt_id: promptId, option_id: optionId }, userId) => {
      if (promptId.includes('.') && promptId.split('.')[0] !== nonce) return 'foreign'
      const asked = open.get(promptId)
      if (!asked) return answered.has(promptId) ? 'repeated' : 'unknown'
      const option = chosen(asked.options, optionId)
      // Somebody else's press, or nothing that was offered: the question stays open.
      if (!option || !asked.mayAnswer(userId)) return 'repeated'
      remember(promptId)
      asked.end({ ...option, userId })
      return 'answered'
    },
  }
}

function chosen(options: readonly PromptOption[], optionId: string): PromptOption | undefined {
  return options.find(({ id }) => id === optionId) ?? options.find(({ id }) => safe.includes(id))
}
