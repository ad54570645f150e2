import type { ITheme } from '@xterm/xterm'

const light = {
  black: '#1c1f1e',
  red: '#b42318',
  green: '#0f766e',
  yellow: '#8f5300',
  blue: '#1d5fc2',
  magenta: '#6d3bd1',
  cyan: '#0e7490',
  white: '#5a605d',
  brightBlack: '#6b716e',
  brightRed: '#c9372c',
  brightGreen: '#12877d',
  brightYellow: '#a16207',
  brightBlue: '#2a6fdb',
  brightMagenta: '#7c4ddb',
  brightCyan: '#1385a3',
  brightWhite: '#1c1f1e',
}
const dark = {
  black: '#222725',
  red: '#ff8f85',
  green: '#5ad1a5',
  yellow: '#f2c063',
  blue: '#93c1ff',
  magenta: '#c4abff',
  cyan: '#67d3e8',
  white: '#d3d9d6',
  brightBlack: '#8b938f',
  brightRed: '#ffb0a8',
  brightGreen: '#7fe3bf',
  brightYellow: '#f8d58d',
  brightBlue: '#b5d4ff',
  brightMagenta: '#d8c7ff',
  brightCyan: '#93e3f2',
  brightWhite: '#ffffff',
}

/** The colours of a terminal for the page as it looks now; `host` has its foreground and background. */
export function terminalTheme(host: Element): ITheme {
  const { color, backgroundColor, caretColor } = getComputedStyle(host)
  return {
    ...(isDark(color) ? light : dark),
    foreground: color,
    background: backgroundColor,
    cursor: caretColor,
    cursorAccent: backgroundColor,
    selectionBackground: isDark(color) ? '#0f766e40' : '#2dd4bf50',
  }
}

/** Of `rgb(…)`, as browsers compute colours. */
function isDark(colour: string): boolean {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number)
  return red * 0.299 + green * 0.587 + blue * 0.114 < 128
}

/** Calls when the page may look different. */
export function onThemeChange(changed: () => void): () => void {
  const media = window.matchMedia('(prefers-color-scheme: dark)')
  const observer = new MutationObserver(changed)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  media.addEventListener('change', changed)
  return () => {
    observer.disconnect()
    media.removeEventListener('change', changed)
  }
}
