import type { NoticeItem } from '@parley/sessions/client'
import { readNumber, readText } from '../../../api/read.js'
import { endingOf } from '../../model/ending.js'

const longest = 4_000

/** Something that is worth a line, known or not. */
export function NoticeEntry({ item: { type, data } }: { item: NoticeItem }) {
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
  if (type === 'notice') return readText(data.message) || readText(data.text) || undefined
  if (type !== 'session.terminated' && type !== 'killed') return undefined
  const exitCode = typeof data.exitCode === 'number' ? { exitCode: readNumber(data.exitCode) } : {}
  const ending = endingOf({ ...exitCode, reason: readText(data.reason), message: readText(data.message) })
  return `The session is over. ${ending}`
}
