import type { PlanItem } from '@parley/sessions/client'

/** What the agent means to do, and how far it is. */
export function PlanEntryList({ item: { entries } }: { item: PlanItem }) {
  const done = entries.filter(({ status }) => status === 'completed').length
  return (
    <section aria-label="Plan" className="entry-plan">
      <h3>
        Plan{' '}
        <span className="font-normal text-soft tabular-nums">
          {done} of {entries.length}
        </span>
      </h3>
      <ol>
        {entries.map(({ content, status }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a plan comes whole, its steps have no other name
          <li key={at} data-status={status}>
            <span aria-hidden="true" className="plan-mark" />
            <span>
              {content}
              <span className="sr-only">, {status.replaceAll('_', ' ')}</span>
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
