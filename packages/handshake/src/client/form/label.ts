import type { ControlGroup, ControlLike, LabelNode } from './control.js'

/** What the page calls a field: the legend of a group, else its label, else `aria-label`. */
export function labelOfGroup({ kind, controls }: ControlGroup): string | undefined {
  const [first] = controls
  if (!first) return undefined
  const isGroup = kind === 'radios' || kind === 'checks'
  return (isGroup ? legendOf(first) : labelOf(first)) || first.getAttribute?.('aria-label') || undefined
}

/** The label of a single control. */
export function labelOf({ labels }: ControlLike): string | undefined {
  const text = labels?.[0] ? tidy(textOf(labels[0])) : ''
  return text || undefined
}

function legendOf(control: ControlLike): string | undefined {
  // A fieldset is an element; `closest` is typed loosely so that plain objects fit in tests.
  const fieldset = control.closest?.('fieldset') as {
    querySelector(selector: string): LabelNode | null
  } | null
  return tidy(fieldset?.querySelector('legend')?.textContent ?? '') || undefined
}

const ownTexts = new Set(['SELECT', 'TEXTAREA', 'INPUT', 'BUTTON'])

// A label that wraps its select would otherwise read out all the options.
function textOf(node: LabelNode): string {
  if (ownTexts.has(node.nodeName ?? '')) return ''
  const children = Array.from(node.childNodes ?? [])
  return children.length === 0 ? (node.textContent ?? '') : children.map(textOf).join(' ')
}

function tidy(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 200)
}
