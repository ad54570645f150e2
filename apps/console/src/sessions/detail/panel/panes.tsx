import { type KeyboardEvent, useRef } from 'react'

export type Pane = 'talk' | 'files' | 'git' | 'terminals' | 'info'

const names: Record<Pane, string> = {
  talk: 'Chat',
  files: 'Files',
  git: 'Git',
  terminals: 'Terminals',
  info: 'Info',
}

/** What there is to see of a session; of an ended one the workspace can't be read any more. */
export function panesOf({ isEnded, hasTerminals }: { isEnded: boolean; hasTerminals: boolean }): Pane[] {
  if (!isEnded) return ['talk', 'files', 'git', 'terminals', 'info']
  return hasTerminals ? ['talk', 'info', 'terminals'] : ['talk', 'info']
}

type PaneTabsProps = {
  panes: readonly Pane[]
  chosen: Pane
  onChoose: (pane: Pane) => void
  label: string
}

/** Tabs; arrows lead from one to the next. */
export function PaneTabs({ panes, chosen, onChoose, label }: PaneTabsProps) {
  const list = useRef<HTMLDivElement>(null)
  const onKeyDown = ({ key }: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[key]
    if (by === undefined) return
    const next = panes[(panes.indexOf(chosen) + by + panes.length) % panes.length]!
    onChoose(next)
    list.current?.querySelector<HTMLElement>(`[data-tab=${next}]`)?.focus()
  }
  return (
    <div ref={list} role="tablist" aria-label={label} className="pane-tabs">
      {panes.map((pane) => (
        <button
          key={pane}
          type="button"
          role="tab"
          data-tab={pane}
          aria-selected={pane === chosen}
          tabIndex={pane === chosen ? 0 : -1}
          onClick={() => onChoose(pane)}
          onKeyDown={onKeyDown}
        >
          {names[pane]}
        </button>
      ))}
    </div>
  )
}
