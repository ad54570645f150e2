import { readFile } from 'node:fs/promises'

/** Entries such as `token=env:TELEGRAM_TOKEN`, `token=@token.txt` or `token=…`. */
export async function readCredentials(entries: readonly string[]): Promise<Record<string, string>> {
  const read = entries.map(async (entry): Promise<[string, string]> => {
    const [, name, value] = /^([^=]+)=(.+)$/s.exec(entry) ?? []
    // WHY: not the entry itself, which may be the secret alone.
    if (name === undefined || value === undefined)
      throw new Error('--credential: must be like token=env:NAME')
    return [name, await readValue(name, value)]
  })
  return Object.fromEntries(await Promise.all(read))
}

async function readValue(name: string, value: string): Promise<string> {
  if (value.startsWith('@')) return (await readFile(value.slice(1), 'utf8')).trim()
  if (!value.startsWith('env:')) return value
  const found = process.env[value.slice('env:'.length)]
  if (!found) throw new Error(`--credential ${name}: ${value.slice('env:'.length)} is not set`)
  return found
}
