import type { NoticeItem } from '@parley/sessions/client'
import { readText } from '../../../api/read.js'

const longest = 4_000

/** Something that is worth a line, known or not. */
export function NoticeEntry({ item: { type, data } }: { item: NoticeItem }) {
  // What stands below the timeline says it.
  if (type === 'session.terminated' || type === 'killed') return null
  const words = wordsOf(type, data)
  if (words !== undefined)
    return (
      <p className="entry-line" data-notice={type}>
        {words}
      </p>
    )
  const text = JSON.stringify(data, null, 2)
  return (
    <details className="entry-thought">
      <summary>{type}</summary>
      <pre className="code-block mt-1.5 max-h-64 text-xs">
        {text.length > longest ? `${text.slice(0, longest)} …` : text}
      </pre>
    </details>
  )
}

function wordsOf(type: string, data: NoticeItem['data']): string | undefined {
  if (type === 'session.resumed') return 'The agent was started again and goes on from here.'
  return type === 'notice' ? readText(data.message) || readText(data.text) || undefined : undefined
}
