// What a file may be called, and what it may claim to be.

import { limits } from '../../protocol/index.js'

const longestEnding = 16

/** A name without a path, without control characters or half ones, of at most 255 bytes; `file` when nothing is left. */
export function cleanFilename(name: string): string {
  const last = name.replaceAll('\\', '/').split('/').at(-1) ?? ''
  // Marks that turn the direction of writing can make `exe.txt` of `txt.exe`.
  const plain = last.replace(/[\p{Cc}\p{Cs}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, '').trim()
  return shorten(/^\.*$/.test(plain) ? 'file' : plain)
}

function shorten(name: string): string {
  if (Buffer.byteLength(name) <= limits.mediaFilename) return name
  const [ending = ''] = /\.[^.]+$/.exec(name) ?? []
  const kept = Buffer.byteLength(ending) <= longestEnding ? ending : ''
  let room = limits.mediaFilename - Buffer.byteLength(kept)
  let stem = ''
  for (const character of name.slice(0, name.length - kept.length)) {
    room -= Buffer.byteLength(character)
    if (room < 0) break
    stem += character
  }
  return stem + kept
}

/** `type/subtype` in lower case; what is not one is `application/octet-stream`. */
export function cleanMime(mime: string): string {
  const [essence = ''] = mime.split(';')
  const plain = essence.trim().toLowerCase()
  return /^[a-z0-9][a-z0-9!#$&^_.+-]{0,62}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,62}$/.test(plain)
    ? plain
    : 'application/octet-stream'
}

/** The name that an answer gives its file, else the last part of its address. */
export function filenameOf(disposition: string, url: string): string {
  const [, extended] = /filename\*\s*=\s*utf-8''([^;\s]+)/i.exec(disposition) ?? []
  const [, quoted, bare] = /filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s"]+))/i.exec(disposition) ?? []
  const named = (extended && decoded(extended)) || quoted?.replace(/\\(.)/g, '$1') || bare
  return cleanFilename(named || decoded(new URL(url).pathname.split('/').at(-1) ?? ''))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
