import { cutText, limits, splitText } from '../../protocol/index.js'
import type { Sim } from './sim.js'

const zeroWidthSpace = '\u200b'

/** Calls to everybody and to roles stay readable and reach nobody. */
export const escapeMentions = (text: string): string =>
  text.replace(/@(everyone|here)\b/gi, `@${zeroWidthSpace}$1`).replaceAll('<@&', `<@${zeroWidthSpace}&`)

/** The text as messages that the platform takes; at least one. */
export function toParts(sim: Pick<Sim, 'limits' | 'descriptor'>, text: string): string[] {
  const parts = splitText(escapeMentions(text), sim.limits.messageLength, sim.descriptor.len_unit)
  return parts.length > 0 ? parts : ['']
}

/** A question whose options are written down, where there are more than buttons. */
export const numbered = (content: string, options: readonly { label: string }[]): string =>
  [content, ...options.map(({ label }, index) => `${index + 1}. ${label}`)].join('\n')

/** A thread's name as the contract has it (5.9): trimmed, inner spaces as one, at most 100 characters. */
export const toThreadName = (name: string): string =>
  cutText(name.trim().replace(/\s+/g, ' '), limits.threadName, 'chars')
