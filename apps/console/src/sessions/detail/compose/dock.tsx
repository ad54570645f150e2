import type { SessionSnapshot } from '@parley/sessions/client'
import { ProblemNotice } from '../../../ui/problem-notice.js'
import { asProblem } from '../../client/problems.js'
import { Composer } from './composer.js'
import { Questions } from './questions.js'
import { Queue } from './queue.js'

/** What waits for a person, and where one writes. */
export function Dock({ state }: { state: SessionSnapshot }) {
  const { pendingPermissions, timeline, queue, error } = state
  return (
    <footer className="dock">
      {error && <ProblemNotice error={asProblem(error)} />}
      <Questions questions={pendingPermissions} timeline={timeline} />
      {queue && <Queue queue={queue} />}
      <Composer state={state} />
    </footer>
  )
}
