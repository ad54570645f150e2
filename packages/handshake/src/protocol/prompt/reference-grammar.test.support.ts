// The grammar of the original agents, written down literally, to prove that they can read our prompts.

const line = /^\s*-?\s*([\p{L}\p{N}_]+)\s*:\s*(.+?)\s*$/u
const taken = new Set(['sessionId', 'token', 'baseUrl', 'mode', 'expiresIn', 'skill'])

/** What an original agent finds in a text; throws when one of the three required names is missing. */
export function readLikeTheReference(text: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const each of text.split(/\r\n|(?!\t)[\p{Cc}\p{Zl}\p{Zp}]/u)) {
    const [, key = '', value = ''] = line.exec(each) ?? []
    if (taken.has(key) && !(key in found)) found[key] = value
  }
  const missing = ['sessionId', 'token', 'baseUrl'].filter((key) => !found[key])
  if (missing.length > 0)
    throw new Error(`missing fields in prompt: [${missing.map((key) => `'${key}'`).join(', ')}]`)
  return found
}
