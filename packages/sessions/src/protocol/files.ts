// Answer of the search routes. Ours, beside the contract.

import type { FileSystemEntry } from './session-host/index.js'

/** `name`: part of a path; `text`: part of a line. */
export type FileSearchKind = 'name' | 'text'

/** `path` is relative to the directory that was searched. With `name` there is a `type`, with `text` the rest, counted from 1. */
export type FileSearchMatch = {
  path: string
  type?: FileSystemEntry['type']
  line?: number
  column?: number
  /** The line, cut around long ones. */
  text?: string
}

/** `truncated`: there may be more. */
export type FileSearchResponse = {
  query: string
  kind: FileSearchKind
  matches: FileSearchMatch[]
  truncated: boolean
}
