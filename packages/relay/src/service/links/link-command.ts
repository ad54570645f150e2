// A platform may put the bot's name before the command, or after it.
const command = /^\s*(?:(?:<@[!&]?\w+>|@\w+)\s+)?\/link(?:@\w+)?(?:\s+(?<rest>[\s\S]*))?$/i

/** What stands behind `/link`; undefined for every other text. No agent ever sees such a text (contract 8.7). */
export function readLinkCommand(text: string): string | undefined {
  const match = command.exec(text)
  return match ? (match.groups?.rest ?? '').trim() : undefined
}
