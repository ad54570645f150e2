import type { JsonObject } from '@parley/kernel/wire'

/** Ids are strings; a peer that sends a number means the same. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return Number.isSafeInteger(value) ? String(value) : undefined
}

export const textOrNull = (value: unknown): string | null => textOf(value) ?? null

export const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined

/** Copies members that are there and are text. */
export function assignTexts<Name extends string>(
  to: { [K in Name]?: string | null },
  from: JsonObject,
  names: readonly Name[],
): void {
  for (const name of names) {
    const text = textOf(from[name])
    if (text !== undefined) to[name] = text
  }
}
