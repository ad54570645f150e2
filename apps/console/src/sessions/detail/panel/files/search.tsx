import { useDeferredValue, useId } from 'react'
import { SearchIcon } from '../../../../ui/icons.js'
import { ProblemNotice } from '../../../../ui/problem-notice.js'
import { Segments } from '../../../../ui/segments.js'
import { useSearch } from '../use-workspace.js'

type Kind = 'name' | 'text'

type SearchFieldProps = {
  words: string
  kind: Kind
  onWords: (words: string) => void
  onKind: (kind: Kind) => void
}

/** What to look for; where, once there is something. */
export function SearchField({ words, kind, onWords, onKind }: SearchFieldProps) {
  const id = useId()
  return (
    <search className="pane-search">
      <label htmlFor={id} className="text-soft">
        <SearchIcon />
        <span className="sr-only">Search files</span>
      </label>
      <input
        id={id}
        type="search"
        placeholder="Search files"
        maxLength={200}
        value={words}
        onChange={(event) => onWords(event.target.value)}
      />
      {words.trim() !== '' && <Segments legend="Search in" options={kinds} value={kind} onChange={onKind} />}
    </search>
  )
}

const kinds: readonly { value: Kind; label: string }[] = [
  { value: 'name', label: 'Names' },
  { value: 'text', label: 'Text' },
]

type SearchResultsProps = {
  id: string
  words: string
  kind: Kind
  onOpen: (path: string, line?: number) => void
}

export function SearchResults({ id, words, kind, onOpen }: SearchResultsProps) {
  const wanted = useDeferredValue(words)
  const { data, error, isPending } = useSearch(id, wanted, kind)
  if (error) return <ProblemNotice error={error} />
  if (isPending) return <p className="hint px-2 py-3">Searching…</p>
  if (data.matches.length === 0) return <p className="hint px-2 py-3">Nothing found.</p>
  return (
    <>
      <ul className="tree" data-testid="matches">
        {data.matches.map(({ path, line, text }) => (
          <li key={`${path} ${line ?? ''}`}>
            <button type="button" className="tree-match" onClick={() => onOpen(path, line)}>
              <span className="path-end">
                <bdi>{path}</bdi>
              </span>
              {line !== undefined && <span className="shrink-0 text-soft tabular-nums">:{line}</span>}
              {text !== undefined && <code>{text.trim()}</code>}
            </button>
          </li>
        ))}
      </ul>
      {data.truncated && <p className="hint px-2 py-2">There may be more.</p>}
    </>
  )
}
