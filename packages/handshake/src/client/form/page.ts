// The few things that touch a real page. All decisions are made elsewhere, on plain values.
import type { Provenance } from '../../protocol/provenance.js'
import type { ControlGroup } from './control.js'
import type { FormPage } from './form-state.js'

/** Attribute that says who wrote a control: `ai`, `user`, `user_edit` or `empty`. */
const byAttribute = 'data-handshake-by'

const ours = new WeakSet<Event>()

/** True for an event that was made here, for a value the agent wrote. */
export function isOurs(event: Event): boolean {
  return ours.has(event)
}

/** The browser's page around a form. `className` marks what the agent wrote. */
export function browserPage(form: HTMLFormElement, className: string): FormPage {
  return {
    isFocused: (group) => elementsOf(group).some((element) => element === form.ownerDocument.activeElement),
    announce: (group) => {
      for (const element of elementsOf(group)) for (const type of ['input', 'change']) announce(element, type)
    },
    mark: (group, by) => {
      for (const element of elementsOf(group)) mark(element, by, className)
    },
  }
}

/** The elements of a group that was made from a form's elements. */
export function elementsOf(group: ControlGroup): HTMLElement[] {
  // `controlsOf` is where groups of a real page come from: each control is an element.
  return group.controls as unknown as HTMLElement[]
}

type FormControl = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

/** The controls of a form, also those outside of it that name it in `form`. */
export function controlsOf(form: HTMLFormElement): FormControl[] {
  const tags = new Set(['INPUT', 'SELECT', 'TEXTAREA'])
  return Array.from(form.elements).filter((element): element is FormControl => tags.has(element.tagName))
}

function announce(element: HTMLElement, type: string): void {
  const event = new Event(type, { bubbles: true })
  ours.add(event)
  element.dispatchEvent(event)
}

function mark(element: HTMLElement, by: Provenance, className: string): void {
  element.setAttribute(byAttribute, by)
  element.classList.toggle(className, by === 'ai')
}
