import { Link } from '@tanstack/react-router'

/** A tenant, leading to its page. */
export function TenantChip({ tenant }: { tenant: string }) {
  return (
    <Link
      to="/tenants/$tenant/detail"
      params={{ tenant }}
      className="badge badge-person relative max-w-full"
      data-testid="tenant"
    >
      <span className="truncate">{tenant}</span>
    </Link>
  )
}
