const prefix = 'hp1'
const id = /^[A-Za-z0-9_.-]{1,32}$/
/** LIMIT: what a button of Telegram carries, in bytes; all characters of a token have one. */
const maxLength = 64

/** What a control of a prompt carries (contract 5.7); undefined when the ids do not fit in one. */
export function promptToken(promptId: string, optionId: string): string | undefined {
  const token = `${prefix}:${promptId}:${optionId}`
  return readPromptToken(token) && token
}

/** Undefined for anything else, for example another bot's own callback. */
export function readPromptToken(text: string): { promptId: string; optionId: string } | undefined {
  if (text.length > maxLength) return undefined
  const [head, promptId, optionId, ...rest] = text.split(':')
  if (head !== prefix || promptId === undefined || optionId === undefined || rest.length > 0) return undefined
  return id.test(promptId) && id.test(optionId) ? { promptId, optionId } : undefined
}
