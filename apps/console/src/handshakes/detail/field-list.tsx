import { LongText } from '../../ui/long-text.js'
import { Moment } from '../../ui/time.js'
import { ByBadge } from '../by-badge.js'
import { type FieldRow, isBlank } from '../model/field-rows.js'
import { showValue } from '../model/show-value.js'

/** The fields as they stand. A value that arrives while the page is open lights up for a moment. */
export function FieldList({ rows, liveAfter }: { rows: readonly FieldRow[]; liveAfter: number | null }) {
  const missing = rows.filter((row) => row.isMissing).length
  return (
    <section aria-labelledby="fields-title" className="card min-w-0">
      <header className="flex min-h-13 flex-wrap items-center justify-between gap-2 border-b border-line px-5 py-2.5">
        <h2 id="fields-title">Fields</h2>
        {missing > 0 && (
          <span data-testid="missing-count" className="badge badge-edited">
            {missing} required {missing === 1 ? 'field is' : 'fields are'} missing
          </span>
        )}
      </header>
      {rows.length === 0 && <p className="px-5 py-8 text-center text-sm text-soft">No fields yet.</p>}
      <ul aria-label="Fields" className="divide-y divide-line">
        {rows.map((row) => {
          const isNew = liveAfter !== null && row.changedBy > liveAfter
          // A new key restarts the animation for every value that arrives.
          return <Row key={isNew ? `${row.key} ${row.changedBy}` : row.key} row={row} isNew={isNew} />
        })}
      </ul>
    </section>
  )
}

function Row({ row, isNew }: { row: FieldRow; isNew: boolean }) {
  return (
    <li
      data-testid="field"
      data-key={row.key}
      data-by={row.by ?? ''}
      data-new={isNew || undefined}
      className={`px-5 py-3 ${isNew ? 'animate-arrive' : ''}`}
    >
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <p className="min-w-0 text-sm text-soft [overflow-wrap:anywhere]">
          {row.label}
          {row.required && (
            <span className="text-danger" title="required">
              {' '}
              <span aria-hidden="true">*</span>
              <span className="sr-only">required</span>
            </span>
          )}
        </p>
        <p className="hint flex items-center gap-2">
          {row.at && row.by !== 'empty' && <Moment iso={row.at} />}
          {row.isMissing ? (
            <span className="badge badge-edited">Missing</span>
          ) : (
            row.by && <ByBadge by={row.by} />
          )}
        </p>
      </div>
      <div data-testid="value" className="mt-0.5">
        {isBlank(row.value) ? <span className="text-soft">–</span> : <LongText text={showValue(row.value)} />}
      </div>
    </li>
  )
}
