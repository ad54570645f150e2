// Reading what the server sends: generous with absent members, never trusting a shape.

/** Members of a JSON object that nobody has looked at yet. */
export type Json = Readonly<Record<string, unknown>>

/** The value as an object; anything else reads as an empty one. */
export function readObject(value: unknown): Json {
  return isObject(value) ? value : {}
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function readText(value: unknown, otherwise = ''): string {
  return typeof value === 'string' ? value : otherwise
}

export function readTextOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

export function readNumber(value: unknown, otherwise = 0): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise
}

export function readList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

export function readTexts(value: unknown): string[] {
  return readList(value).filter((item) => typeof item === 'string')
}

/** JSON text as a value; text that is not JSON reads as `undefined`. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
