import { useState } from 'react'
import type { DiffRow } from '../model/diff.js'
import { relativeTo } from '../model/paths.js'
import { useLive } from './session-context.js'

const shownRows = 300

type DiffViewProps = { path?: string; isNew?: boolean; rows: readonly DiffRow[] }

/** A change, line by line. */
export function DiffView({ path, isNew = false, rows }: DiffViewProps) {
  const cwd = useLive().getState().session?.cwd
  const [isWhole, setIsWhole] = useState(false)
  const shown = isWhole ? rows : rows.slice(0, shownRows)
  return (
    <figure className="diff" data-testid="diff">
      {path !== undefined && (
        <figcaption>
          <span className="path-end min-w-0">
            <bdi>{cwd ? relativeTo(cwd, path) : path}</bdi>
          </span>
          {isNew && <span className="badge badge-accent">new</span>}
        </figcaption>
      )}
      <section
        className="diff-rows"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={path ? `Changes of ${path}` : 'Changes'}
      >
        <div className="diff-sheet">
          {shown.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name but their place
            <Row key={at} row={row} />
          ))}
        </div>
        {rows.length === 0 && <p className="hint px-3 py-2">No difference.</p>}
      </section>
      {shown.length < rows.length && (
        <button type="button" className="link px-3 py-1.5 text-left text-xs" onClick={() => setIsWhole(true)}>
          Show all {rows.length.toLocaleString()} lines
        </button>
      )}
    </figure>
  )
}

function Row({ row }: { row: DiffRow }) {
  if (row.kind === 'gap')
    return (
      <div className="diff-row" data-kind="gap">
        <span />
        <span className="diff-text">{row.text}</span>
      </div>
    )
  const number = 'now' in row ? row.now : row.old
  return (
    <div className="diff-row" data-kind={row.kind}>
      <span className="diff-number" data-mark={marks[row.kind]}>
        {number}
      </span>
      <span className="diff-text">{row.text || ' '}</span>
    </div>
  )
}

const marks = { same: ' ', added: '+', removed: '−' }
