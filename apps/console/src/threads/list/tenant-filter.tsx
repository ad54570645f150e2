import { type Tenant, type TenantCount, tenantEntries, tenantKey } from '../model/tenant.js'

type TenantFilterProps = {
  tenants: readonly TenantCount[]
  chosen: Tenant
  onChoose: (tenant: Tenant) => void
}

/** Shows the rooms of one tenant. Not there while no room has any. */
export function TenantFilter({ tenants, chosen, onChoose }: TenantFilterProps) {
  const named = tenants.filter(({ tenant }) => tenantEntries(tenant).length > 0)
  const isChosen = tenantEntries(chosen).length > 0
  if (named.length === 0 && !isChosen) return null
  const known = named.some(({ tenant }) => tenantKey(tenant) === tenantKey(chosen))
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2.5">
      <label className="text-sm text-soft" htmlFor="tenant-filter">
        Tenant
      </label>
      <select
        id="tenant-filter"
        className="input w-auto min-w-44 max-w-full"
        value={tenantKey(chosen)}
        onChange={({ target }) =>
          onChoose(named.find(({ tenant }) => tenantKey(tenant) === target.value)?.tenant ?? {})
        }
      >
        <option value={tenantKey({})}>All tenants</option>
        {!known && isChosen && <option value={tenantKey(chosen)}>{tenantEntries(chosen).join(', ')}</option>}
        {named.map(({ tenant, rooms }) => (
          <option key={tenantKey(tenant)} value={tenantKey(tenant)}>
            {tenantEntries(tenant).join(', ')} ({rooms})
          </option>
        ))}
      </select>
    </div>
  )
}
