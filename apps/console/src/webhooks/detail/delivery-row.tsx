import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { shortId } from '../../threads/model/room.js'
import { Moment } from '../../ui/time.js'
import type { Delivery, DeliveryState } from '../model/webhook.js'
import { Attempts } from './attempts.js'
import { DeliveryActions } from './delivery-actions.js'

/** One event on its way; its attempts unfold below it. */
export function DeliveryRow({ webhookId, delivery }: { webhookId: string; delivery: Delivery }) {
  const { id, roomId, eventType, isReplay, state, attempts, createdAt } = delivery
  const [isOpen, setIsOpen] = useState(false)
  return (
    <li data-testid="delivery" data-state={state} data-type={eventType} className="px-5 py-3 text-sm">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <p className="flex min-w-0 flex-1 basis-52 flex-wrap items-center gap-x-2.5 gap-y-1">
          <code className="font-mono text-[0.8125rem] font-medium">{eventType}</code>
          <span className={`badge ${badges[state].className}`}>{badges[state].text}</span>
          {isReplay && <span className="badge badge-edited">replay</span>}
        </p>
        <p className="hint flex flex-wrap items-center gap-x-3">
          <Link to="/threads/$id" params={{ id: roomId }} className="link font-mono text-xs" title={roomId}>
            {shortId(roomId)}
          </Link>
          <Moment iso={createdAt} />
        </p>
      </div>
      <Trouble delivery={delivery} />
      <div className="mt-1.5 flex flex-wrap items-center justify-between gap-2">
        <button
          type="button"
          className="btn btn-quiet -ml-2.5 min-h-8 px-2.5 text-[0.8125rem]"
          aria-expanded={isOpen}
          disabled={attempts === 0}
          onClick={() => setIsOpen(!isOpen)}
        >
          <span aria-hidden="true">{isOpen ? '▾' : '▸'}</span>
          {attempts === 1 ? '1 attempt' : `${attempts} attempts`}
        </button>
        <DeliveryActions webhookId={webhookId} delivery={delivery} />
      </div>
      {isOpen && <Attempts webhookId={webhookId} id={id} count={attempts} />}
    </li>
  )
}

function Trouble({ delivery: { state, lastStatus, lastError, nextAt } }: { delivery: Delivery }) {
  if (state === 'sent' || !lastError) return null
  return (
    <p className="hint mt-1 [overflow-wrap:anywhere]">
      <span className="text-danger">
        {lastStatus !== null && `${lastStatus} · `}
        {lastError}
      </span>
      {state === 'waiting' && nextAt && (
        <>
          {' '}
          · next try <Moment iso={nextAt} />
        </>
      )}
    </p>
  )
}

const badges: Record<DeliveryState, { text: string; className: string }> = {
  waiting: { text: 'Waiting', className: 'badge-edited' },
  sending: { text: 'Sending', className: 'badge-agent' },
  sent: { text: 'Sent', className: 'badge-accent' },
  dead: { text: 'Dead', className: 'badge-danger' },
}
