import { useEffect, useState } from 'react'
import type { Token } from './engine.js'
import { languageOf } from './languages.js'

// LIMIT: the page stands still while code is read.
const maxCode = 20_000

type Highlighted = { code: string; language: string | undefined; lines: Token[][] }

/** The tokens of a block of code; undefined until they are there, and when there are none. */
export function useHighlighted(
  code: string | undefined,
  language: string | undefined,
): Token[][] | undefined {
  const [done, setDone] = useState<Highlighted | undefined>(undefined)

  useEffect(() => {
    const known = languageOf(language ?? '')
    if (code === undefined || known === undefined || code.length > maxCode) return
    let isCurrent = true
    import('./engine.js')
      .then(({ tokensOf }) => tokensOf(code, known))
      .then(
        (lines) => isCurrent && setDone({ code, language, lines }),
        // Code without colours is still code: a chunk that does not load is no reason to say anything.
        () => undefined,
      )
    return () => {
      isCurrent = false
    }
  }, [code, language])

  return done && done.code === code && done.language === language ? done.lines : undefined
}
