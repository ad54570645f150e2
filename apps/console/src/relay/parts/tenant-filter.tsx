import { useId } from 'react'
import { useTenants } from '../live/use-relay.js'

/** Shows what concerns one tenant; empty: all. Not there while there is one at most. */
export function TenantFilter({ chosen, onChoose }: { chosen: string; onChoose: (tenant: string) => void }) {
  const id = useId()
  const tenants = useTenants().data ?? []
  if (tenants.length < 2 && chosen === '') return null
  return (
    <div className="flex max-w-full min-w-0 flex-wrap items-center gap-2.5">
      <label className="text-sm text-soft" htmlFor={id}>
        Tenant
      </label>
      <select
        id={id}
        className="input w-auto min-w-40 max-w-full"
        value={chosen}
        onChange={(event) => onChoose(event.target.value)}
      >
        <option value="">All tenants</option>
        {tenants.map(({ tenant }) => (
          <option key={tenant}>{tenant}</option>
        ))}
      </select>
    </div>
  )
}
