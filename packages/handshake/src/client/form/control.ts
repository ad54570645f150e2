import { isKey } from '../../protocol/key.js'

/** A node of a label, as far as its text is read. */
export type LabelNode = {
  nodeName?: string
  textContent: string | null
  childNodes?: ArrayLike<LabelNode>
}

/** One choice of a select. */
export type OptionLike = {
  value: string
  text: string
  selected: boolean
  defaultSelected: boolean
  disabled: boolean
}

/** A control of a form, as far as this folder uses it. A browser's `input`, `select` and `textarea` fit. */
export type ControlLike = {
  tagName: string
  type: string
  name: string
  id: string
  value: string
  defaultValue?: string
  checked?: boolean
  defaultChecked?: boolean
  required?: boolean
  disabled?: boolean
  readOnly?: boolean
  min?: string
  max?: string
  step?: string
  placeholder?: string
  autocomplete?: string
  options?: ArrayLike<OptionLike>
  labels?: ArrayLike<LabelNode> | null
  getAttribute?(name: string): string | null
  closest?(selector: string): unknown
}

/** How a group of controls holds its value. */
export type GroupKind =
  | 'text'
  | 'datetime'
  | 'number'
  | 'checkbox'
  | 'checks'
  | 'radios'
  | 'select'
  | 'selects'

/** The controls behind one key: one, or all radios or checkboxes of a name. */
export type ControlGroup = { key: string; kind: GroupKind; controls: ControlLike[] }

const skippedTypes = new Set(['password', 'file', 'hidden', 'submit', 'button', 'reset', 'image'])
const secretHints = /^(cc-.*|current-password|new-password|one-time-code)$/

/** True for a control whose value an agent may never see: secrets, files, buttons, and what the page took out. */
export function isSkipped(control: ControlLike): boolean {
  const hints = (control.autocomplete ?? '').toLowerCase().split(/\s+/)
  return (
    !['INPUT', 'SELECT', 'TEXTAREA'].includes(control.tagName.toUpperCase()) ||
    skippedTypes.has(control.type) ||
    Boolean(control.disabled || control.readOnly) ||
    hints.some((hint) => secretHints.test(hint)) ||
    isSwitchedOff(control)
  )
}

function isSwitchedOff(control: ControlLike): boolean {
  const off = '[data-handshake="off"]'
  return control.closest ? Boolean(control.closest(off)) : control.getAttribute?.('data-handshake') === 'off'
}

/** Groups the controls of a form by key: their name, else their id. Controls without either are left out. */
export function groupControls(controls: Iterable<ControlLike>): ControlGroup[] {
  const groups = new Map<string, ControlGroup>()
  for (const control of controls) {
    const key = control.name || control.id
    if (isSkipped(control) || !isKey(key)) continue
    const group = groups.get(key)
    if (!group) groups.set(key, { key, kind: kindOf(control), controls: [control] })
    else join(group, control)
  }
  return [...groups.values()]
}

// Radios share a name by nature, checkboxes may. A second control of another kind under a taken name stays out.
function join(group: ControlGroup, control: ControlLike): void {
  if (control.type !== group.controls[0]?.type) return
  if (control.type === 'radio') group.controls.push(control)
  if (control.type === 'checkbox') {
    group.kind = 'checks'
    group.controls.push(control)
  }
}

const kinds: Record<string, GroupKind> = {
  checkbox: 'checkbox',
  radio: 'radios',
  'select-one': 'select',
  'select-multiple': 'selects',
  number: 'number',
  range: 'number',
  'datetime-local': 'datetime',
}

function kindOf(control: ControlLike): GroupKind {
  return kinds[control.type] ?? 'text'
}
