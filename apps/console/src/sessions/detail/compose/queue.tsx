import type { PromptQueueState } from '@parley/sessions/protocol'
import { useMutation } from '@tanstack/react-query'
import { type KeyboardEvent, useId, useState } from 'react'
import { CloseIcon, DownIcon, UpIcon } from '../../../ui/icons.js'
import { ProblemNotice } from '../../../ui/problem-notice.js'
import { told } from '../../client/problems.js'
import { moved } from '../../model/commands.js'
import { useLive } from '../session-context.js'

/** Prompts that wait for the running turn; nothing while there are none. */
export function Queue({ queue: { items, paused } }: { queue: PromptQueueState }) {
  const live = useLive()
  const id = useId()
  const [said, setSaid] = useState('')
  const act = useMutation({ mutationFn: (work: () => Promise<unknown>) => told(work()) })
  if (items.length === 0 && !paused) return null

  const sorted = items.toSorted((a, b) => a.position - b.position)
  const ids = sorted.map(({ queueId }) => queueId)
  const move = (at: number, by: number) => {
    const order = moved(ids, at, by)
    if (order === ids) return
    act.mutate(() => live.reorderQueue(order))
    setSaid(`Moved to place ${at + by + 1} of ${ids.length}.`)
  }
  return (
    <section aria-labelledby={id} className="queue" data-testid="queue" data-paused={paused}>
      <header>
        <h3 id={id} className="flex items-center gap-2">
          {items.length === 1 ? '1 prompt waits' : `${items.length} prompts wait`}
          {paused && <span className="badge badge-edited">Paused</span>}
        </h3>
        <div className="flex gap-1">
          <button
            type="button"
            className="btn btn-quiet"
            onClick={() => act.mutate(paused ? live.resumeQueue : live.pauseQueue)}
          >
            {paused ? 'Resume' : 'Pause'}
          </button>
          {items.length > 0 && (
            <button type="button" className="btn btn-quiet" onClick={() => act.mutate(live.clearQueue)}>
              Clear
            </button>
          )}
        </div>
      </header>
      {items.length > 0 && (
        <ol>
          {sorted.map(({ queueId, text }, at) => (
            <Waiting
              key={queueId}
              text={text}
              isFirst={at === 0}
              isLast={at === sorted.length - 1}
              move={(by) => move(at, by)}
              remove={() => act.mutate(() => live.cancel(queueId))}
            />
          ))}
        </ol>
      )}
      <p role="status" className="sr-only">
        {said}
      </p>
      {act.error && <ProblemNotice error={act.error} />}
    </section>
  )
}

type WaitingProps = {
  text: string
  isFirst: boolean
  isLast: boolean
  move: (by: number) => void
  remove: () => void
}

/** Alt with an arrow moves it, too, wherever in it the focus is. */
function Waiting({ text, isFirst, isLast, move, remove }: WaitingProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.altKey ? steps[event.key] : undefined
    if (by === undefined) return
    event.preventDefault()
    move(by)
  }
  return (
    <li data-testid="queued" onKeyDown={onKeyDown}>
      <span className="min-w-0 flex-1 truncate" title={text}>
        {text}
      </span>
      {/* WHY aria-disabled: a button that gets disabled while it has the focus loses it. */}
      <button
        type="button"
        className="btn btn-quiet"
        aria-label={`Move up: ${text}`}
        aria-disabled={isFirst}
        onClick={() => move(-1)}
      >
        <UpIcon />
      </button>
      <button
        type="button"
        className="btn btn-quiet"
        aria-label={`Move down: ${text}`}
        aria-disabled={isLast}
        onClick={() => move(1)}
      >
        <DownIcon />
      </button>
      <button type="button" className="btn btn-quiet" aria-label={`Remove: ${text}`} onClick={remove}>
        <CloseIcon />
      </button>
    </li>
  )
}

const steps: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1 }
