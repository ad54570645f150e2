import { FitAddon } from '@xterm/addon-fit'
import { Terminal } from '@xterm/xterm'
import { type RefObject, useEffect, useRef } from 'react'
import '@xterm/xterm/css/xterm.css'
import { allowStyledSpans, withOwnSheets } from './strict-styles.js'
import { onThemeChange, terminalTheme } from './terminal-theme.js'

/** What a terminal shows, and where what is typed goes. Read when it opens: give the view a key. */
export type TerminalLine = {
  /** Calls with what was written so far, then with what comes. */
  onOutput(listener: (text: string) => void): () => void
  input?(data: string): void
  resize?(cols: number, rows: number): void
}

type XtermViewProps = { line: TerminalLine; label: string; focus?: RefObject<(() => void) | undefined> }

/** A terminal that fills its place. */
export function XtermView({ line, label, focus }: XtermViewProps) {
  const host = useRef<HTMLElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: see `TerminalLine`
  useEffect(() => {
    const { current } = host
    if (!current) return
    const terminal = openTerminal(current, line)
    if (focus) focus.current = () => terminal.focus()
    const stops = [follow(terminal, current, line), line.onOutput((text) => terminal.write(text))]
    return () => {
      for (const stop of stops) stop()
      terminal.dispose()
    }
  }, [])
  return <section ref={host} className="terminal-host" aria-label={label} data-testid="terminal" />
}

function openTerminal(host: HTMLElement, { input }: TerminalLine): Terminal {
  allowStyledSpans()
  const terminal = new Terminal({
    fontFamily: getComputedStyle(host).fontFamily,
    fontSize: 13,
    lineHeight: 1.2,
    scrollback: 5_000,
    cursorBlink: false,
    disableStdin: input === undefined,
    cursorInactiveStyle: input === undefined ? 'none' : 'outline',
    screenReaderMode: false,
    theme: terminalTheme(host),
  })
  withOwnSheets(() => terminal.open(host))
  return terminal
}

/** Keeps size and colours those of the page. */
function follow(terminal: Terminal, host: HTMLElement, { input, resize }: TerminalLine): () => void {
  const fit = new FitAddon()
  terminal.loadAddon(fit)
  if (input) terminal.onData((data) => input(data))
  if (resize) terminal.onResize(({ cols, rows }) => resize(cols, rows))
  let frame: number | undefined
  const observer = new ResizeObserver(() => {
    frame ??= requestAnimationFrame(() => {
      frame = undefined
      if (host.clientWidth > 0) fit.fit()
    })
  })
  observer.observe(host)
  const stopTheme = onThemeChange(() => {
    terminal.options.theme = terminalTheme(host)
  })
  return () => {
    stopTheme()
    observer.disconnect()
    if (frame !== undefined) cancelAnimationFrame(frame)
  }
}
