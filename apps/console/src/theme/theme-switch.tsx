import { useState } from 'react'
import { MoonIcon, ScreenIcon, SunIcon } from '../ui/icons.js'
import { applyTheme, readTheme, type Theme, themes } from './theme.js'

const shown = {
  system: { label: 'As the device', Icon: ScreenIcon },
  light: { label: 'Light', Icon: SunIcon },
  dark: { label: 'Dark', Icon: MoonIcon },
} satisfies Record<Theme, unknown>

const memory = () => window.localStorage

/** Light, dark, or as the device; remembered in this browser. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState(() => readTheme(memory))
  const choose = (next: Theme) => {
    applyTheme(next, document.documentElement, memory)
    setTheme(next)
  }
  return (
    <fieldset className="flex rounded-lg border border-line bg-sunken p-0.5">
      <legend className="sr-only">Appearance</legend>
      {themes.map((name) => {
        const { label, Icon } = shown[name]
        return (
          <label
            key={name}
            title={label}
            className="grid h-7 flex-1 cursor-pointer place-items-center rounded-md px-2 text-soft hover:text-ink has-checked:bg-raised has-checked:text-ink has-checked:shadow-sm has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name="theme"
              className="sr-only"
              checked={theme === name}
              onChange={() => choose(name)}
            />
            <Icon />
            <span className="sr-only">{label}</span>
          </label>
        )
      })}
    </fieldset>
  )
}
