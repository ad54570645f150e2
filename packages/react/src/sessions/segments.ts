import { SessionFold, type TimelineItem } from '@parley/sessions/client'
import type { SessionLog } from '@parley/sessions/protocol'

/** A stretch of a session as Markdown. */
export type SessionLogMarkdownSegment = {
  /** Stays the same while the segment grows. */
  readonly key: string
  readonly kind: 'user' | 'assistant' | 'thought' | 'tool' | 'plan' | 'error'
  readonly markdown: string
}

/** What was asked and said in a log, tools and plans in short. Pure. */
export function sessionLogsToSegments(logs: readonly SessionLog[]): SessionLogMarkdownSegment[] {
  const fold = new SessionFold()
  for (const log of logs) fold.take(log)
  return fold.timeline.flatMap(toSegment)
}

function toSegment(item: TimelineItem): SessionLogMarkdownSegment[] {
  const { key } = item
  switch (item.kind) {
    case 'prompt':
      return [{ key, kind: 'user', markdown: item.text }]
    case 'message':
      return [{ key, kind: 'assistant', markdown: item.text }]
    case 'thought':
      return [{ key, kind: 'thought', markdown: item.text }]
    case 'tool':
      return [{ key, kind: 'tool', markdown: `${codeOf(item.title || item.toolCallId)} (${item.status})` }]
    case 'plan':
      return [{ key, kind: 'plan', markdown: item.entries.map(toLine).join('\n') }]
    case 'error':
      return [{ key, kind: 'error', markdown: item.message }]
    case 'turn':
      return item.error === undefined ? [] : [{ key, kind: 'error', markdown: item.error }]
    default:
      return []
  }
}

const toLine = ({ content, status }: { content: string; status: string }): string =>
  `- [${status === 'completed' ? 'x' : ' '}] ${content}`

/** A title is what an agent wrote: more backticks around it than there are in it keep it a piece of code. */
function codeOf(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return longest === 0 ? fence + text + fence : `${fence} ${text} ${fence}`
}
