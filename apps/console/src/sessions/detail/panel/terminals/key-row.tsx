const keys: readonly { name: string; label?: string; data: string }[] = [
  { name: 'Esc', label: 'Escape', data: '\u001b' },
  { name: 'Tab', data: '\t' },
  { name: '^C', label: 'Interrupt', data: '\u0003' },
  { name: '↑', label: 'Up', data: '\u001b[A' },
  { name: '↓', label: 'Down', data: '\u001b[B' },
  { name: '←', label: 'Left', data: '\u001b[D' },
  { name: '→', label: 'Right', data: '\u001b[C' },
]

type KeyRowProps = { isControl: boolean; onControl: () => void; press: (data: string) => void }

/** Keys that keyboards of phones lack. */
export function KeyRow({ isControl, onControl, press }: KeyRowProps) {
  // The focus, and with it the keyboard, stays where it is.
  const keep = (event: { preventDefault(): void }) => event.preventDefault()
  return (
    <div role="toolbar" aria-label="Keys" className="key-row">
      <button type="button" aria-pressed={isControl} onPointerDown={keep} onClick={onControl}>
        Ctrl
      </button>
      {keys.map(({ name, label = name, data }) => (
        <button key={name} type="button" aria-label={label} onPointerDown={keep} onClick={() => press(data)}>
          {name}
        </button>
      ))}
    </div>
  )
}
