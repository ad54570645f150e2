import type { TimelineItem, ToolItem } from '@parley/sessions/client'

type Printed = { length: number; sign: string }

/**
 * Writes a session down as it grows: text as it comes, everything else a line at a time. Control characters of the agent
 * never reach the terminal, where they could move its cursor or rewrite what was printed.
 */
export class Printer {
  readonly #write: (text: string) => void
  readonly #printed = new Map<string, Printed>()
  /** The item whose text was written last, without a line's end. */
  #open: string | undefined

  constructor(write: (text: string) => void) {
    this.#write = write
  }

  /** Writes what is new in a timeline. */
  show(timeline: readonly TimelineItem[]): void {
    for (const item of timeline) this.#showItem(item)
  }

  /** Ends the line that is being written. */
  endLine(): void {
    if (this.#open !== undefined) this.#write('\n')
    this.#open = undefined
  }

  #showItem(item: TimelineItem): void {
    if (item.kind === 'message') this.#showText(item.key, item.text)
    else this.#showLines(item.key, linesOf(item))
  }

  #showLines(key: string, lines: readonly string[]): void {
    const sign = lines.join('\n')
    if (lines.length === 0 || this.#printed.get(key)?.sign === sign) return
    this.#printed.set(key, { length: 0, sign })
    this.endLine()
    this.#write(`${lines.map(plain).join('\n')}\n`)
  }

  #showText(key: string, text: string): void {
    const before = this.#printed.get(key)?.length ?? 0
    if (text.length <= before) return
    if (this.#open !== key) this.endLine()
    this.#printed.set(key, { length: text.length, sign: '' })
    this.#open = key
    this.#write(plain(text.slice(before)))
  }
}

const marks: Readonly<Record<ToolItem['status'], string>> = {
  pending: '…',
  in_progress: '…',
  completed: '✓',
  failed: '✗',
  cancelled: '–',
}

function linesOf(item: TimelineItem): string[] {
  switch (item.kind) {
    case 'tool':
      return [`  ${marks[item.status]} ${oneLine(item.title)}`, ...changedFiles(item)]
    case 'plan':
      return item.entries.map(({ status, content }) => `  [${boxes[status] ?? ' '}] ${oneLine(content)}`)
    case 'error':
      return [`  error: ${item.message}`]
    case 'permission':
      return item.state === 'open' ? [] : [`  ${item.state}: ${oneLine(item.title)}`]
    default:
      return []
  }
}

const boxes: Readonly<Record<string, string>> = { completed: 'x', in_progress: '>' }

const changedFiles = ({ content }: ToolItem): string[] =>
  content.flatMap((part) => (part.type === 'diff' ? [`      ${oneLine(part.path)}`] : []))

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, 200)

/** Text without control characters, but for tabs and ends of lines. */
export function plain(text: string): string {
  return text.replaceAll(/[^\P{Cc}\t\n]/gu, '')
}
