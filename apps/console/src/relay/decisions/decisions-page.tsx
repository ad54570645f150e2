import { useState } from 'react'
import { Segments } from '../../ui/segments.js'
import { LiveHeader } from '../parts/live-header.js'
import { TenantFilter } from '../parts/tenant-filter.js'
import { ChangeList } from './change-list.js'
import { DecisionList } from './decision-list.js'

type Shown = 'decisions' | 'changes'

/** Why messages went where they went, and who changed what. */
export function DecisionsPage() {
  const [shown, setShown] = useState<Shown>('decisions')
  const [tenant, setTenant] = useState('')
  return (
    <>
      <LiveHeader
        title="Decisions"
        lead="Why each message went where it went, or to nobody; and who changed what. No word of what was said is kept here."
      />
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <Segments legend="What is shown" options={views} value={shown} onChange={setShown} />
        <TenantFilter chosen={tenant} onChoose={setTenant} />
      </div>
      {shown === 'decisions' ? <DecisionList tenant={tenant} /> : <ChangeList tenant={tenant} />}
    </>
  )
}

const views: readonly { value: Shown; label: string }[] = [
  { value: 'decisions', label: 'Decisions' },
  { value: 'changes', label: 'Changes' },
]
