import type { Word } from '../turn.js'
import { asking } from './asking.js'
import { ending } from './ending.js'
import { files } from './files.js'
import { processes } from './processes.js'
import { streams } from './streams.js'
import { talking } from './talking.js'

/** Everything the demo agent understands, by the first word of a prompt. */
export const words: ReadonlyMap<string, Word> = new Map(
  Object.entries({ ...talking, ...streams, ...asking, ...files, ...processes, ...ending }),
)
