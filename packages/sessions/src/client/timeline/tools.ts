// Calls of tools and their updates.
import type { ItemList } from './item-list.js'
import type { ToolContent, ToolItem } from './items.js'
import { blockOf } from './messages.js'
import { type Fields, listOf, textOf } from './read.js'

const statuses: ReadonlySet<string> = new Set(['pending', 'in_progress', 'completed', 'failed'])
const running: ReadonlySet<string> = new Set(['pending', 'in_progress'])

export class Tools {
  readonly #items: ItemList
  /** Places by the agent's id of the call, and the turn it belongs to: agents use ids anew in later turns. */
  readonly #places = new Map<string, { place: number; turn: number }>()
  /** Places of those that are not done. */
  readonly #running = new Set<number>()
  #turn = 0

  constructor(items: ItemList) {
    this.#items = items
  }

  nextTurn(): void {
    this.#turn += 1
  }

  /** A call. True when it is a new item. */
  call(update: Fields, at: string): boolean {
    const id = textOf(update.toolCallId)
    if (id === undefined) return false
    if (this.#places.get(id)?.turn === this.#turn) return this.update(update, at)
    const start = { key: this.#items.nextKey('tool'), at, kind: 'tool', toolCallId: id, title: '' } as const
    const empty = { toolKind: 'other', status: 'pending', content: [], locations: [] } as const
    const item = changed({ ...start, ...empty }, update)
    const place = this.#items.add(item)
    this.#places.set(id, { place, turn: this.#turn })
    this.#note(place, item)
    return true
  }

  /** An update; of a call that nobody announced, the call. True when it is a new item. */
  update(update: Fields, at: string): boolean {
    const known = this.#places.get(textOf(update.toolCallId) ?? '')
    const item = known && this.#items.at(known.place)
    if (item?.kind !== 'tool') return this.call(update, at)
    const next = changed(item, update)
    this.#items.replace(known!.place, next)
    this.#note(known!.place, next)
    return false
  }

  /**
   * A call that the agent may not make without permission; some announce it only by asking. What it says of the status is
   * left out: the call that waits may be under way already. True when it is a new item.
   */
  asked(call: Fields, at: string): boolean {
    return this.call({ ...call, status: undefined }, at)
  }

  /** Nothing more is expected of what runs. */
  end(): void {
    for (const place of this.#running) {
      const item = this.#items.at(place)
      if (item?.kind === 'tool') this.#items.replace(place, { ...item, status: 'cancelled' })
    }
    this.#running.clear()
  }

  #note(place: number, { status }: ToolItem): void {
    if (running.has(status)) this.#running.add(place)
    else this.#running.delete(place)
  }
}

/** What an update names replaces what was there. */
function changed(item: ToolItem, update: Fields): ToolItem {
  const { status } = update
  const content = listOf(update.content)
  const locations = listOf(update.locations)
  return {
    ...item,
    title: textOf(update.title) ?? item.title,
    toolKind: textOf(update.kind) ?? item.toolKind,
    ...(isStatus(status) && { status }),
    ...(content && { content: content.flatMap(toContent) }),
    ...(locations && { locations: locations.flatMap(toLocation) }),
    ...(update.rawInput != null && { rawInput: update.rawInput }),
    ...(update.rawOutput != null && { rawOutput: update.rawOutput }),
  }
}

const isStatus = (value: unknown): value is ToolItem['status'] =>
  typeof value === 'string' && statuses.has(value)

function toContent(piece: Fields): ToolContent[] {
  if (piece.type === 'terminal') return [{ type: 'terminal', terminalId: textOf(piece.terminalId) ?? '' }]
  if (piece.type === 'diff') {
    const path = textOf(piece.path) ?? ''
    return [
      { type: 'diff', path, oldText: textOf(piece.oldText) ?? null, newText: textOf(piece.newText) ?? '' },
    ]
  }
  const block = blockOf(piece.content)
  return block ? [{ type: 'content', block }] : []
}

function toLocation({ path, line }: Fields): ToolItem['locations'][number][] {
  return typeof path === 'string' ? [{ path, ...(typeof line === 'number' && { line }) }] : []
}
