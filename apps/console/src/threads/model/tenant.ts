/** Whose a room is: `{ org: 'acme' }`. Without entries it is everybody's. */
export type Tenant = Readonly<Record<string, string>>

/** One tenant and how many rooms have exactly it. */
export type TenantCount = { readonly tenant: Tenant; readonly rooms: number }

/** The entries as people write them, in a fixed order: `org=acme`. */
export function tenantEntries(tenant: Tenant): string[] {
  return Object.entries(tenant)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
}

/** The same tenant has the same key. */
export const tenantKey = (tenant: Tenant): string => JSON.stringify(tenantEntries(tenant))

/**
 * Reads `org=acme, team=blue`, split by commas or lines. Answers the sentence to show when an entry is no `name=value`
 * or a name comes twice.
 */
export function parseTenant(text: string): Tenant | string {
  const tenant = new Map<string, string>()
  for (const entry of splitList(text)) {
    const at = entry.indexOf('=')
    const name = entry.slice(0, at).trim()
    const value = entry.slice(at + 1).trim()
    if (at < 1 || name === '' || value === '') return `“${entry}” is not like org=acme.`
    if (tenant.has(name)) return `“${name}” is there twice.`
    tenant.set(name, value)
  }
  return Object.fromEntries(tenant)
}

/** What stands between commas and line breaks, each once. */
export function splitList(text: string): string[] {
  const items = text.split(/[,\n]/).map((item) => item.trim())
  return [...new Set(items.filter((item) => item !== ''))]
}
