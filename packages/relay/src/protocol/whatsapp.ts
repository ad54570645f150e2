/**
 * One name for one WhatsApp account (contract 4.6): without `+`, device and server. `aliasesOf` answers other names of the
 * same account; then the shortest one counts, of equally short ones the first by code unit.
 */
export function canonicalWhatsAppId(
  id: string,
  aliasesOf: (bare: string) => readonly string[] = () => [],
): string {
  const bare = bareId(id)
  const names = [bare, ...aliasesOf(bare).map(bareId)].filter((name) => name !== '')
  return names.reduce((best, name) => (isBetter(name, best) ? name : best), bare)
}

function bareId(id: string): string {
  return id.trim().replace('+', '').replace(/:.*$/s, '').replace(/@.*$/s, '')
}

const isBetter = (name: string, than: string): boolean =>
  name.length < than.length || (name.length === than.length && name < than)
