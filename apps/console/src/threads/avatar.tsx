import type { Identity } from '@parley/threads/protocol'

/** The first letter of a name in the colour of its kind; the name beside it says the rest. */
export function Avatar({ identity, isOnline = false }: { identity: Identity; isOnline?: boolean }) {
  const { name, id, role } = identity
  return (
    <span aria-hidden="true" className="avatar" data-role={role} data-online={isOnline}>
      {firstLetter(name || id)}
    </span>
  )
}

const firstLetter = (name: string): string => (/[\p{L}\p{N}]/u.exec(name)?.[0] ?? '•').toUpperCase()
