import { type Tenant, tenantEntries } from './model/tenant.js'

/** Whose a room is. */
export function TenantChips({ tenant }: { tenant: Tenant }) {
  const entries = tenantEntries(tenant)
  if (entries.length === 0) return <span className="badge">public</span>
  return (
    <>
      {entries.map((entry) => (
        <span key={entry} data-testid="tenant" className="badge max-w-full">
          <span className="truncate">{entry}</span>
        </span>
      ))}
    </>
  )
}
