import type { Context, SchemaField } from '../../protocol/field.js'
import { isBlank, isSameJson } from '../../protocol/json.js'
import { isLocked, onCreate, onUserEdit, type Provenance } from '../../protocol/provenance.js'
import type { ControlGroup } from './control.js'
import { toSchemaField } from './field-of-group.js'
import { initialValue, readGroup, writeGroup } from './group-value.js'

/** What a form's state needs of the page. */
export type FormPage = {
  /** True when the user is in this control right now. */
  isFocused(group: ControlGroup): boolean
  /** Tells the page's own scripts that a value changed. */
  announce(group: ControlGroup): void
  /** Shows who wrote a field. */
  mark(group: ControlGroup, by: Provenance): void
}

/**
 * What became of a value of the agent: shown, not shown as it is because the control can't hold it, kept out
 * since the field is the user's, or for no control of this form.
 */
export type Shown = 'shown' | 'unfit' | 'kept' | 'unknown'

/** Who wrote which field of a form in the page, and who wins when both write at once: the user. */
export class FormState {
  readonly #groups: Map<string, ControlGroup>
  readonly #page: FormPage
  readonly #by = new Map<string, Provenance>()
  /** The last value that both sides know. */
  readonly #known = new Map<string, unknown>()
  readonly #dirty = new Set<string>()

  constructor(groups: readonly ControlGroup[], page: FormPage) {
    this.#groups = new Map(groups.map((group) => [group.key, group]))
    this.#page = page
  }

  get keys(): string[] {
    return [...this.#groups.keys()]
  }

  schema(): SchemaField[] {
    return [...this.#groups.values()].map(toSchemaField)
  }

  /** The values to create a session with; from then on they are known to both sides. */
  start(): Record<string, unknown> {
    const values = [...this.#groups.values()].map((group) => [group.key, initialValue(group)] as const)
    for (const [key, value] of values) this.#settle(key, value, onCreate(value))
    return Object.fromEntries(values)
  }

  /**
   * Fills the form from a session that was begun earlier. Returns the keys that the page has filled and the server
   * does not know.
   */
  restore(context: Context): string[] {
    this.start()
    for (const [key, { value, by }] of Object.entries(context)) {
      if (by !== 'empty') this.#show(key, value, by)
    }
    return this.keys.filter(
      (key) => (context[key]?.by ?? 'empty') === 'empty' && this.#by.get(key) === 'user',
    )
  }

  /** Shows what the agent wrote, unless the field is the user's. */
  agentWrote(key: string, value: unknown): Shown {
    const group = this.#groups.get(key)
    if (!group) return 'unknown'
    return this.#isUsers(group) ? 'kept' : this.#show(key, value, 'ai')
  }

  /** A field is the user's while being edited, and from then on; one that was cleared is open to the agent. */
  #isUsers(group: ControlGroup): boolean {
    if (this.#dirty.has(group.key) && this.#page.isFocused(group)) return true
    return isLocked(this.#by.get(group.key)) && !isBlank(readGroup(group))
  }

  #show(key: string, value: unknown, by: Provenance): Shown {
    const group = this.#groups.get(key)
    if (!group) return 'unknown'
    const fits = writeGroup(group, value)
    this.#settle(key, readGroup(group), by)
    this.#page.announce(group)
    return fits ? 'shown' : 'unfit'
  }

  /** The value the user left in a field, or undefined when it is the one that both sides know. */
  userEdited(key: string): { value: unknown } | undefined {
    const group = this.#groups.get(key)
    if (!group) return undefined
    const value = readGroup(group)
    if (isSameJson(value, this.#known.get(key))) return undefined
    this.#dirty.add(key)
    this.#settle(key, value, onUserEdit(this.#by.get(key), value))
    return { value }
  }

  /** The user has left the control. */
  left(key: string): void {
    this.#dirty.delete(key)
  }

  /** The value in the page now. */
  valueOf(key: string): unknown {
    const group = this.#groups.get(key)
    return group && readGroup(group)
  }

  #settle(key: string, value: unknown, by: Provenance): void {
    const group = this.#groups.get(key)
    this.#known.set(key, value)
    this.#by.set(key, by)
    if (group) this.#page.mark(group, by)
  }
}
