import type { BotCommand } from '../../platforms/port.js'

/**
 * What all tenants of a bot want together, by name. A name is the first tenant's in their order. When it is more than fits, tenants
 * take turns, so that one with many commands does not push out those of the others.
 */
export function unionOf(
  wanted: readonly { tenant: string; commands: readonly BotCommand[] }[],
  most: number,
): BotCommand[] {
  const taken = new Set<string>()
  const own = wanted
    .toSorted((a, b) => (a.tenant < b.tenant ? -1 : 1))
    .map(({ commands }) =>
      commands.filter(({ name }) => {
        const isFree = !taken.has(name)
        taken.add(name)
        return isFree
      }),
    )
  const rounds = Math.max(0, ...own.map(({ length }) => length))
  const inTurns = Array.from({ length: rounds }, (_, round) =>
    own.flatMap((commands) => commands[round] ?? []),
  )
  return inTurns
    .flat()
    .slice(0, most)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}
