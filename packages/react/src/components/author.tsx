import type { Identity } from '@parley/threads/protocol'

/** The name of whoever wrote something. */
export function Author({ identity }: { identity: Identity }) {
  return (
    <span data-parley-author="" data-parley-role={identity.role}>
      {identity.name || identity.id}
    </span>
  )
}
