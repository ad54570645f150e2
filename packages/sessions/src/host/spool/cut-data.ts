// Makes the data of an event small enough: the longest texts are cut, and the data says so.
import { isJsonObject } from '@parley/kernel/wire'

type Data = Record<string, unknown>

/**
 * The data with its texts cut so that its JSON has at most `maxBytes`, plus `truncated: true` and `originalBytes`.
 * Where cutting texts is not enough (a very long list), only the plain members of the data are left.
 */
export function cutData(data: Data, originalBytes: number, maxBytes: number): Data {
  const marks = { truncated: true, originalBytes }
  // LIMIT: a text of n units has at most 6 n bytes as JSON, so the last lengths fit whatever the texts hold.
  for (let length = maxBytes; length >= 64; length = Math.floor(length / 2)) {
    // The cast: what is cut out of an object is an object.
    const cut = { ...(cutTexts(data, length) as Data), ...marks }
    if (Buffer.byteLength(JSON.stringify(cut)) <= maxBytes) return cut
  }
  return { ...plainMembers(data), ...marks }
}

function cutTexts(value: unknown, length: number): unknown {
  if (typeof value === 'string') return cutText(value, length)
  if (Array.isArray(value)) return value.map((item) => cutTexts(item, length))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, cutTexts(item, length)]))
}

/** At most `length` units, never half a character. */
function cutText(text: string, length: number): string {
  if (text.length <= length) return text
  const last = text.charCodeAt(length - 1)
  const isHalf = last >= 0xd800 && last <= 0xdbff
  return text.slice(0, isHalf ? length - 1 : length)
}

const maxPlainMembers = 32

function plainMembers(data: Data): Data {
  const plain = Object.entries(data).filter(([, value]) => typeof value !== 'object')
  return Object.fromEntries(
    plain.slice(0, maxPlainMembers).map(([name, value]) => [cutText(name, 64), cutTexts(value, 64)]),
  )
}
