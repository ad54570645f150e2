import { useEffect, useState } from 'react'
import { useClock } from '../time/use-now.js'

const shownMs = 2000

/** Copies `text` and says so. Where the browser refuses, it says that too: the text can be selected. */
export function CopyButton({ text, label = 'Copy', className = 'btn' }: CopyButtonProps) {
  const clock = useClock()
  const [result, setResult] = useState<'copied' | 'refused' | null>(null)
  useEffect(() => (result ? clock.after(shownMs, () => setResult(null)) : undefined), [clock, result])

  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setResult('copied'),
      () => setResult('refused'),
    )
  return (
    <button type="button" className={className} onClick={() => void copy()}>
      <span aria-live="polite">{result === null ? label : said[result]}</span>
    </button>
  )
}

type CopyButtonProps = { text: string; label?: string; className?: string }

const said = { copied: 'Copied', refused: 'Copy it by hand' }
