// Lines of the file that keeps results: a call was begun, or it was answered.
import { isJsonObject } from '@parley/kernel/wire'
import type { HostResponse } from '../../protocol/index.js'

/** `at`: milliseconds since 1970. Without a response the call was begun and its end is not known. */
export type KeptResult = { key: string; at: number; response?: HostResponse }

export const toLine = (result: KeptResult): string => `${JSON.stringify(result)}\n`

/** The result of a line; nothing when it is torn or no result. */
export function parseLine(line: string): KeptResult | undefined {
  try {
    const value: unknown = JSON.parse(line)
    if (!isJsonObject(value) || typeof value.key !== 'string' || typeof value.at !== 'number')
      return undefined
    const { key, at, response } = value
    if (response === undefined) return { key, at }
    if (!isJsonObject(response) || typeof response.status !== 'number') return undefined
    // The cast: the file is ours, and headers and body are passed on as they are.
    return { key, at, response: response as HostResponse }
  } catch {
    return undefined
  }
}
