// The grammar that today's agent clients read prompts with. Kept apart from our own parser on purpose:
// a prompt of ours must be readable by clients that know nothing of us.

export interface ParsedPrompt {
  sessionId: string
  token: string
  baseUrl: string
  mode?: string
  expiresIn?: string
  skill?: string
}

const line = /^\s*-?\s*([\p{L}\p{N}_]+)\s*:\s*(.+?)\s*$/u
const keys = new Set(['sessionId', 'token', 'baseUrl', 'mode', 'expiresIn', 'skill'])

/** Reads a prompt as the original agent client does. Throws naming what is missing. */
export function parsePrompt(text: string): ParsedPrompt {
  const found: Record<string, string> = {}
  for (const row of text.split(/\r\n|\r|\n/)) {
    const [, key, value] = line.exec(row) ?? []
    if (key && value && keys.has(key) && !Object.hasOwn(found, key)) found[key] = value
  }
  const missing = ['sessionId', 'token', 'baseUrl'].filter((key) => !found[key])
  if (missing.length > 0) throw new Error(`missing fields in prompt: [${missing.join(', ')}]`)
  const { sessionId = '', token = '', baseUrl = '', ...rest } = found
  return { sessionId, token, baseUrl, ...rest }
}
