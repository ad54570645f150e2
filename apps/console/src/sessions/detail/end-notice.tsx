import type { EndedSession } from '@parley/sessions/client'
import { NewSessionButton } from '../create/new-session.js'
import { endingOf } from '../model/ending.js'

/** Stands where one would write, of a session that is over. */
export function EndNotice({ ended }: { ended: EndedSession }) {
  return (
    <footer
      data-testid="ended"
      className="flex flex-wrap items-center justify-between gap-3 border-t border-line bg-sunken px-4 py-3"
    >
      <p className="min-w-0 text-sm">
        <span className="font-medium">This session is over.</span>{' '}
        <span className="whitespace-pre-line text-soft [overflow-wrap:anywhere]">{endingOf(ended)}</span>
      </p>
      <NewSessionButton />
    </footer>
  )
}
