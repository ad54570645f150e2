import { ParleyError } from '@parley/kernel/errors'
import type { TenantScope } from './tenant.js'

/** A tenant or a path that makes no namespace. The message says which key, and why. */
export class NamespaceViolation extends ParleyError {
  constructor(message: string) {
    super('threads.namespace_violation', { status: 400, message })
    this.name = 'NamespaceViolation'
  }
}

/** Tenant keys that make the namespace, in the order of the path. Absent and empty alike: there are no namespaces. */
export type NamespaceOptions = { namespaceKeys?: readonly string[] | undefined }

/** Throws a `TypeError` unless the keys are a list, not empty, of distinct names. */
export function assertNamespaceKeys(keys: unknown): asserts keys is readonly string[] {
  const isList = Array.isArray(keys) && keys.length > 0
  if (!isList || keys.some((key) => typeof key !== 'string' || key === ''))
    throw new TypeError('namespaceKeys must be a list of names that is not empty')
  if (new Set(keys).size !== keys.length) throw new TypeError('namespaceKeys must be distinct')
}

/**
 * Throws `NamespaceViolation` unless the value is a string of 1 to 32 characters from `A-Z a-z 0-9 . _ -`. `.` and `..`
 * are refused: in a path they mean another place.
 */
export function validateNamespaceValue(value: unknown): asserts value is string {
  const problem = valueProblem(value)
  if (problem !== undefined) throw new NamespaceViolation(`value ${problem}`)
}

function valueProblem(value: unknown): string | undefined {
  if (typeof value !== 'string') return 'must be a string'
  if (value === '.' || value === '..') return 'must not be . or ..'
  return /^[A-Za-z0-9._-]{1,32}$/.test(value)
    ? undefined
    : 'must be 1 to 32 characters from A-Z a-z 0-9 . _ -'
}

/**
 * The namespace of a tenant: `/` without keys, else `/` and the values in the order of the keys. Throws
 * `NamespaceViolation` for a missing key or an illegal value.
 */
export function deriveNamespacePath(
  tenant: Readonly<Record<string, unknown>>,
  { namespaceKeys = [] }: NamespaceOptions = {},
): string {
  const values = namespaceKeys.map((key) => {
    if (!Object.hasOwn(tenant, key)) throw new NamespaceViolation(`${key} is missing`)
    return legalValue(key, tenant[key])
  })
  return `/${values.join('/')}`
}

/**
 * The part of a tenant that a namespace stands for; `{}` without keys. Empty segments don't count. Throws
 * `NamespaceViolation` when the number of values or one of them is wrong.
 */
export function parseNamespacePath(path: string, { namespaceKeys = [] }: NamespaceOptions = {}): TenantScope {
  if (namespaceKeys.length === 0) return {}
  if (!path.startsWith('/')) throw new NamespaceViolation('the path must start with /')
  const values = path.split('/').filter((segment) => segment !== '')
  if (values.length !== namespaceKeys.length)
    throw new NamespaceViolation(
      `the path must have ${namespaceKeys.length} values: ${namespaceKeys.join(', ')}`,
    )
  return Object.fromEntries(namespaceKeys.map((key, index) => [key, legalValue(key, values[index])]))
}

function legalValue(key: string, value: unknown): string {
  const problem = valueProblem(value)
  if (problem !== undefined) throw new NamespaceViolation(`${key} ${problem}`)
  // valueProblem has refused all that is not a string.
  return value as string
}
