import type { ControlGroup, ControlLike } from './control.js'

/** The value of a group as it stands in the page. */
export function readGroup({ kind, controls }: ControlGroup): unknown {
  const [first] = controls
  if (!first) return null
  const read = {
    text: () => first.value,
    datetime: () => withSeconds(first.value),
    number: () => toNumber(first.value),
    checkbox: () => Boolean(first.checked),
    checks: () => controls.filter((control) => control.checked).map((control) => control.value),
    radios: () => controls.find((control) => control.checked)?.value ?? null,
    select: () => first.value,
    selects: () => selectedOf(first),
  }
  return read[kind]()
}

/**
 * The value to create a session with: null for a group that nobody has touched and that was not prefilled.
 * Otherwise an unticked box or a select's first choice would count as the user's and be locked from the start.
 */
export function initialValue(group: ControlGroup): unknown {
  return isUntouched(group) ? null : readGroup(group)
}

function isUntouched({ kind, controls }: ControlGroup): boolean {
  const [first] = controls
  if (!first) return true
  if (kind === 'select') return isAutomaticChoice(first)
  if (kind === 'selects') return selectedOf(first).length === 0
  if (kind === 'checkbox' || kind === 'checks' || kind === 'radios') {
    return controls.every((control) => !control.checked && !control.defaultChecked)
  }
  return first.value === '' || (!first.defaultValue && first.value === madeUpValue(first))
}

/** True when the browser chose the first option because none was marked and the user has not chosen either. */
function isAutomaticChoice({ options, value }: ControlLike): boolean {
  const all = Array.from(options ?? [])
  if (value === '') return true
  return !all.some((option) => option.defaultSelected) && Boolean(all.find((o) => !o.disabled)?.selected)
}

/** What a browser shows in a control that cannot be empty. */
function madeUpValue({ type, min, max }: ControlLike): string | undefined {
  if (type === 'color') return '#000000'
  if (type !== 'range') return undefined
  const low = Number(min || 0)
  return String(low + (Number(max || 100) - low) / 2)
}

/**
 * Shows a value in the page, without telling anybody. False when the control can't show it: a choice that
 * does not exist, a text that is no date.
 */
export function writeGroup(group: ControlGroup, value: unknown): boolean {
  for (const control of group.controls) writeControl(control, group.kind, value)
  return shows(group, value)
}

function writeControl(control: ControlLike, kind: ControlGroup['kind'], value: unknown): void {
  if (kind === 'selects') selectAll(control, toTexts(value))
  else if (kind === 'checkbox') assign(control, 'checked', value === true)
  else if (kind === 'radios') assign(control, 'checked', toText(value) === control.value)
  else if (kind === 'checks') assign(control, 'checked', toTexts(value).includes(control.value))
  else assign(control, 'value', kind === 'datetime' ? toLocalTime(toText(value)) : toText(value))
}

function selectAll({ options }: ControlLike, values: string[]): void {
  for (const option of Array.from(options ?? [])) option.selected = values.includes(option.value)
}

/**
 * OUTSIDE: frameworks shadow `value` on the element to notice what they wrote themselves, and then ignore the
 * `input` event. The setter of the prototype goes past that.
 */
function assign<K extends 'value' | 'checked'>(
  control: ControlLike,
  property: K,
  value: ControlLike[K],
): void {
  const setter = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(control), property)?.set
  if (setter) setter.call(control, value)
  else control[property] = value
}

function shows(group: ControlGroup, value: unknown): boolean {
  const shown = readGroup(group)
  if (Array.isArray(shown)) return shown.length === new Set(toTexts(value)).size
  if (typeof shown === 'boolean') return shown === (value === true)
  const wanted = group.kind === 'datetime' ? toLocalTime(toText(value)) : toText(value)
  const [is, should] = [toText(shown), wanted].map((text) => text.replace(/\r\n?/g, '\n'))
  return is === should || (group.kind === 'number' && should !== '' && Number(is) === Number(should))
}

function toText(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function toTexts(value: unknown): string[] {
  if (value === null || value === undefined) return []
  return (Array.isArray(value) ? value : [value]).map(toText)
}

function toNumber(text: string): number | null {
  const number = Number(text)
  return text === '' || Number.isNaN(number) ? null : number
}

function selectedOf({ options }: ControlLike): string[] {
  return Array.from(options ?? [])
    .filter((option) => option.selected)
    .map((option) => option.value)
}

// The control leaves seconds out when they are zero; the type `datetime` wants them.
function withSeconds(text: string): string {
  return /T\d{2}:\d{2}$/.test(text) ? `${text}:00` : text
}

// The control takes no offset and no space; it shows the time of day that was written.
function toLocalTime(text: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})/.exec(text)
  return match ? `${match[1]}T${match[2]}` : text
}
