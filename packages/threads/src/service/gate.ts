import { notAuthorized, threadsErrors } from '../errors.js'
import {
  type AuthorizeAction,
  deriveNamespacePath,
  NamespaceViolation,
  tenantMatches,
} from '../protocol/index.js'
import type { TenantMap, ThreadRow } from '../store/port.js'
import type { Caller } from './caller.js'
import type { ThreadsDeps } from './deps.js'

type GateOptions = {
  /** The assistant or member that the action is about. */
  targetId?: string
  /** False: whoever sees the thread may go on. Default true. */
  needsMembership?: boolean
}

/**
 * Lets a caller through to a thread (contract 1.3, steps 3 to 5). Throws `threads.thread_not_found` for one that is
 * absent or invisible, `threads.not_a_member`, and `threads.not_authorized`, in this order.
 */
export async function enter(
  deps: ThreadsDeps,
  caller: Caller,
  threadId: string,
  action: AuthorizeAction,
  { targetId, needsMembership = true }: GateOptions = {},
): Promise<ThreadRow> {
  const { store } = deps
  // At once: every operation in a thread waits for both.
  const [thread, member] = await Promise.all([
    store.findThread(threadId),
    needsMembership ? store.findMember(threadId, caller.identity.id) : undefined,
  ])
  if (!thread || !canSee(caller, thread.tenant)) throw threadsErrors.threadNotFound()
  if (needsMembership && !member) throw threadsErrors.notAMember()
  await assertAuthorized(deps, caller, threadId, action, targetId)
  return thread
}

/** Asks the application (contract 1.3, step 5). Throws `threads.not_authorized`. */
export async function assertAuthorized(
  { options }: ThreadsDeps,
  { identity }: Caller,
  threadId: string,
  action: AuthorizeAction,
  targetId?: string,
): Promise<void> {
  const target = targetId === undefined ? {} : { targetId }
  if (options.authorize && !(await options.authorize(identity, threadId, action, target)))
    throw notAuthorized(action)
}

/** True when the thread's tenant matches the caller's and it lies in the caller's namespace. */
export function canSee(caller: Caller, tenant: TenantMap): boolean {
  return tenantMatches(tenant, caller.tenant) && isWithin(tenant, caller.namespace)
}

const isWithin = (tenant: TenantMap, namespace: TenantMap): boolean =>
  Object.entries(namespace).every(([key, value]) => Object.hasOwn(tenant, key) && tenant[key] === value)

/**
 * Checks a tenant that a thread shall have (contract 1.2, 7). Throws `threads.invalid_request` when it lacks a namespace
 * key, and `threads.foreign_tenant` when the caller itself would not see the thread.
 */
export function assertTenant(deps: ThreadsDeps, caller: Caller, tenant: TenantMap): void {
  const { namespaceKeys, foreignTenants } = deps.options
  try {
    deriveNamespacePath(tenant, { namespaceKeys })
  } catch (error) {
    if (!(error instanceof NamespaceViolation)) throw error
    throw threadsErrors.invalidRequest({ message: `tenant: ${error.message}` })
  }
  if (!foreignTenants && !canSee(caller, tenant)) throw threadsErrors.foreignTenant()
}
