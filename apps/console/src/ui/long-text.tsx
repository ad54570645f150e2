import { useState } from 'react'

const shortLimit = 280

/** Text from outside, as text. A long one is cut until somebody asks for the rest. */
export function LongText({ text }: { text: string }) {
  const [expanded, setExpanded] = useState(false)
  if (text.length <= shortLimit) return <Words text={text} />
  return (
    <>
      <Words text={expanded ? text : `${text.slice(0, shortLimit)}…`} />
      <button
        type="button"
        className="link mt-1 block text-sm"
        aria-expanded={expanded}
        onClick={() => setExpanded(!expanded)}
      >
        {expanded ? 'Show less' : `Show all ${text.length.toLocaleString()} characters`}
      </button>
    </>
  )
}

function Words({ text }: { text: string }) {
  return <span className="whitespace-pre-wrap [overflow-wrap:anywhere]">{text}</span>
}
