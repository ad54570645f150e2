import type { Interface } from 'node:readline/promises'
import type { PendingPermission, PermissionResponseBody } from '@parley/sessions'
import { plain } from './printer.js'

/** Asks a person in the terminal. Resolves with nothing when the question was settled elsewhere, or nobody can be asked. */
export type Ask = (
  question: PendingPermission,
  signal: AbortSignal,
) => Promise<PermissionResponseBody | undefined>

/** Questions as a numbered list; anything that is no number of it is asked again, an empty line refuses. */
export function askInTerminal(lines: Interface, write: (text: string) => void): Ask {
  return async ({ title, options }, signal) => {
    write(`\n  The agent asks: ${plain(title)}\n`)
    options.forEach(({ name }, index) => {
      write(`    ${index + 1}) ${plain(name)}\n`)
    })
    for (;;) {
      const answer = await lines
        .question('  Which? (empty: cancel) ', { signal })
        .then((text) => text.trim())
        .catch(() => undefined)
      if (answer === undefined) return undefined
      if (answer === '') return { outcome: 'cancelled' }
      const option = options[Number(answer) - 1]
      if (option) return { optionId: option.optionId }
    }
  }
}

/** Without a terminal: everything the agent asks is refused, or allowed where the caller said so before. */
export function askNobody(isAllowed: boolean): Ask {
  return async ({ options }) => {
    const wanted = isAllowed ? 'allow' : 'reject'
    const option = options.find(({ kind }) => kind.startsWith(wanted))
    return option ? { optionId: option.optionId } : { outcome: 'cancelled' }
  }
}
