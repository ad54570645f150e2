export {
  hasScope,
  type Identity,
  type Principal,
  type PrincipalKind,
  systemPrincipal,
  type Tenant,
  toIdentity,
} from './principal.js'
export { isVisible, maxTenantEntries, tenantKey, visibleTenantKeys } from './tenant.js'
