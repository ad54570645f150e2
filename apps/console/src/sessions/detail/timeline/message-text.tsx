import { RichText } from '@parley/react'
import { useState } from 'react'

// LIMIT: laying out a text takes as long as it is, and one that is being written is laid out with every word.
const longest = 100_000
const shownEnd = 30_000

/** What an agent wrote; of a very long text the end, until somebody asks for all of it. */
export function MessageText({ text, isStreaming }: { text: string; isStreaming: boolean }) {
  const [isWhole, setIsWhole] = useState(false)
  if (isWhole || text.length <= longest) return <RichText text={text} isStreaming={isStreaming} />
  return (
    <div data-parley-text="">
      <p className="hint">
        This text has {text.length.toLocaleString()} characters. Its end is shown.{' '}
        <button type="button" className="link" onClick={() => setIsWhole(true)}>
          Show all of it
        </button>
      </p>
      <p data-parley-plain="">…{text.slice(-shownEnd)}</p>
    </div>
  )
}
