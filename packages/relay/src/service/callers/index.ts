export { type OidcCallersOptions, oidcCallers } from './oidc-callers.js'
export { createVerifyOperator } from './operators.js'
export { staticCallers } from './static-callers.js'
