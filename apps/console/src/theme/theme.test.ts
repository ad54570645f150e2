import { describe, expect, it } from 'vitest'
import { applyTheme, readTheme, type Theme } from './theme.js'

describe('the theme', () => {
  it.each<Theme>(['light', 'dark', 'system'])('%s is remembered', (theme) => {
    const { memory, root } = aBrowser()

    applyTheme('dark', root, memory)
    applyTheme(theme, root, memory)

    expect(readTheme(memory)).toBe(theme)
    expect(root.dataset.theme).toBe(theme === 'system' ? undefined : theme)
  })

  it('a word that is no theme counts as none', () => {
    const { memory } = aBrowser()
    memory().setItem('parley.theme', 'purple')

    expect(readTheme(memory)).toBe('system')
  })

  it('works without storage', () => {
    const refuse = () => {
      throw new Error('storage is off')
    }
    const { root } = aBrowser()

    applyTheme('dark', root, refuse)

    expect(root.dataset.theme).toBe('dark')
    expect(readTheme(refuse)).toBe('system')
  })
})

function aBrowser() {
  const kept = new Map<string, string>()
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  }
  return { memory: () => storage, root: { dataset: {} as DOMStringMap } }
}
