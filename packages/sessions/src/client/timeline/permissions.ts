// Questions of the agent and what became of them.
import { type PendingPermission, PendingPermissionSchema } from '../../protocol/index.js'
import type { ItemList } from './item-list.js'
import type { PermissionItem } from './items.js'
import { type Fields, fieldsOf, textOf } from './read.js'

export class Permissions {
  readonly #items: ItemList
  readonly #places = new Map<string, number>()
  readonly #open = new Map<string, PendingPermission>()
  #value: readonly PendingPermission[] = []

  constructor(items: ItemList) {
    this.#items = items
  }

  /** Open ones, oldest first; the same array until something changes. */
  get open(): readonly PendingPermission[] {
    return this.#value
  }

  /** True for a question that was not there. */
  ask(data: Fields, at: string): boolean {
    const request = PendingPermissionSchema.safeParse(data).data
    if (!request || this.#places.has(request.requestId)) return false
    const { requestId, toolCallId, title, kind, options } = request
    const place = this.#items.add({
      key: `permission:${requestId}`,
      at,
      kind: 'permission',
      state: 'open',
      requestId,
      toolCallId,
      title,
      options,
      ...(kind !== undefined && { toolKind: kind }),
    })
    this.#places.set(requestId, place)
    this.#open.set(requestId, request)
    this.#changed()
    return true
  }

  /** `data` names the answer in one of the two ways in which hosts and servers say it. */
  answer(data: Fields): void {
    const outcome = fieldsOf(fieldsOf(data.response).outcome)
    const optionId = textOf(data.optionId) ?? textOf(outcome.optionId)
    this.#settle(textOf(data.requestId) ?? '', optionId)
  }

  /** Nobody will answer any more. */
  end(): void {
    for (const requestId of this.#open.keys()) this.#settle(requestId, undefined)
  }

  #settle(requestId: string, optionId: string | undefined): void {
    const place = this.#places.get(requestId)
    const item = place === undefined ? undefined : this.#items.at(place)
    // What was said first holds: a server may add its own word to that of the host.
    if (place === undefined || item?.kind !== 'permission' || item.state !== 'open') return
    const state = stateOf(item, optionId)
    this.#items.replace(place, { ...item, state, ...(optionId !== undefined && { optionId }) })
    this.#open.delete(requestId)
    this.#changed()
  }

  #changed(): void {
    this.#value = [...this.#open.values()]
  }
}

/** WHY not by the event: hosts of the original say `permission_approved` of options that refuse, too. */
function stateOf({ options }: PermissionItem, optionId: string | undefined): PermissionItem['state'] {
  if (optionId === undefined) return 'cancelled'
  const chosen = options.find((option) => option.optionId === optionId)
  return chosen?.kind.startsWith('reject') ? 'rejected' : 'approved'
}
