import type { ControlLike, OptionLike } from './control.js'

/** A control as plain data, an empty text input unless told otherwise. */
export function control(given: Partial<ControlLike> = {}): ControlLike {
  const { tagName = 'INPUT', type = 'text' } = given
  return { tagName, type, name: 'k', id: '', value: '', ...given }
}

export function option(value: string, given: Partial<OptionLike> = {}): OptionLike {
  return { value, text: value, selected: false, defaultSelected: false, disabled: false, ...given }
}

/** A select whose value follows its options, as in a browser. */
export function select(options: OptionLike[], given: Partial<ControlLike> = {}): ControlLike {
  const made = { ...control({ tagName: 'SELECT', type: 'select-one', ...given }), options }
  return Object.defineProperty(made, 'value', {
    get: () => options.find((each) => each.selected)?.value ?? '',
    set: (value: string) => {
      for (const each of options) each.selected = each.value === value
    },
  })
}

export const checkbox = (given: Partial<ControlLike> = {}): ControlLike =>
  control({ type: 'checkbox', value: 'on', checked: false, defaultChecked: false, ...given })

export const radio = (value: string, given: Partial<ControlLike> = {}): ControlLike =>
  checkbox({ type: 'radio', value, ...given })
