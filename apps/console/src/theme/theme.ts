/** What the person chose; `system` follows the device. */
export type Theme = 'system' | 'light' | 'dark'

export const themes: readonly Theme[] = ['system', 'light', 'dark']

const storageKey = 'parley.theme'

type Memory = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
type Root = { readonly dataset: DOMStringMap }

/** The remembered choice; `system` when there is none, or when the browser keeps nothing. */
export function readTheme(memory: () => Memory): Theme {
  try {
    const stored = memory().getItem(storageKey)
    return themes.find((theme) => theme === stored) ?? 'system'
  } catch {
    return 'system'
  }
}

/** Applies a choice and remembers it where the browser allows that. */
export function applyTheme(theme: Theme, root: Root, memory: () => Memory): void {
  if (theme === 'system') delete root.dataset.theme
  else root.dataset.theme = theme
  try {
    if (theme === 'system') memory().removeItem(storageKey)
    else memory().setItem(storageKey, theme)
  } catch {
    // Storage can be switched off; the choice then lasts as long as the page.
  }
}
