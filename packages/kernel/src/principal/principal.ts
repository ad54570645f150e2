/** Flat map, for example `{ org: 'acme' }`. What a subject declares, a principal must have to see it. */
export type Tenant = Readonly<Record<string, string>>

/** Kinds of actor. */
export type PrincipalKind = 'user' | 'assistant' | 'system' | 'agent' | 'gateway' | 'host'

/** Who acts. */
export type Principal = {
  readonly kind: PrincipalKind
  readonly id: string
  readonly name?: string
  readonly tenant: Tenant
  readonly scopes: readonly string[]
  readonly metadata?: Readonly<Record<string, unknown>>
}

/** Snapshot of a principal as an event keeps it. Never holds a credential. */
export type Identity = {
  readonly kind: PrincipalKind
  readonly id: string
  readonly name?: string
  readonly tenant?: Tenant
}

/** The snapshot of who acted. */
export function toIdentity({ kind, id, name, tenant }: Principal): Identity {
  const hasTenant = Object.keys(tenant).length > 0
  return { kind, id, ...(name && { name }), ...(hasTenant && { tenant }) }
}

/** The server acting on its own account. */
export const systemPrincipal: Principal = { kind: 'system', id: 'system', tenant: {}, scopes: ['*'] }

/** True when the principal holds the scope itself, `*`, or `<plane>:*`. */
export function hasScope(principal: Principal, scope: string): boolean {
  const plane = `${scope.split(':')[0]}:*`
  return principal.scopes.some((held) => held === scope || held === '*' || held === plane)
}
