import { cutText, limits } from '../protocol/index.js'

const anything = 'application/octet-stream'
const token = '[\\w!#$&^.+-]{1,100}'
const mimeType = new RegExp(`^${token}/${token}(?:\\s*;[\\x20-\\x7e]{0,200})?$`)

/** What a file says it is; a type that is none counts as bytes. */
export function mimeOf(headers: Headers): string {
  const type = headers.get('content-type')?.trim() ?? ''
  return mimeType.test(type) ? type : anything
}

/** A file's own name, without folders and control characters, at most 255 characters; blank when it has none. */
export function filenameOf(headers: Headers): string {
  const sent = toText(headers.get('x-media-filename') ?? '')
  const name = sent.split(/[/\\]/).at(-1) ?? ''
  const plain = name.replace(/\p{Cc}/gu, '').trim()
  return cutText(plain, limits.mediaFilename, 'chars')
}

// OUTSIDE: header values are bytes, read as Latin-1. Most clients put UTF-8 there.
function toText(latin1: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(latin1, 'latin1'))
  } catch {
    return latin1
  }
}

/** Always to be kept as a file, never to be shown. */
export function dispositionOf(filename: string): string {
  if (filename === '') return 'attachment'
  const plain = filename.replace(/[^\x20-\x7e]|["\\%]/gu, '_')
  return plain === filename
    ? `attachment; filename="${plain}"`
    : `attachment; filename="${plain}"; filename*=UTF-8''${encode(filename)}`
}

const encode = (text: string): string =>
  encodeURIComponent(text.replace(/\p{Cs}/gu, '\u{fffd}')).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
