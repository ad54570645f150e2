import { names } from './load.js'
import { type Config, settings } from './schema.js'

/** One row a setting: its environment name, its effective value with secrets masked, and what it is. */
export function showConfig(config: Config): { env: string; value: string; about: string }[] {
  return names().map((name) => {
    const setting: { env: string; about: string; isSecret?: boolean } = settings[name]
    const value = config[name]
    const text = value === undefined ? '(unset)' : Array.isArray(value) ? value.join(',') : String(value)
    return { env: setting.env, value: setting.isSecret ? mask(text) : text, about: setting.about }
  })
}

/** Keeps what tells settings apart, never what opens a door. */
function mask(text: string): string {
  if (text === '(unset)' || text === ':memory:') return text
  if (!URL.canParse(text)) return '***'
  const url = new URL(text)
  if (url.password) url.password = '***'
  url.search = url.search && '?***'
  return url.toString()
}
