import { useId } from 'react'

type LinesProps = {
  label: string
  hint: string
  value: string
  onChange: (value: string) => void
  trouble?: string | undefined
}

/** Several lines of plain text, such as arguments. */
export function LinesField({ label, hint, value, onChange, trouble }: LinesProps) {
  const id = useId()
  return (
    <div>
      <label htmlFor={id} className="label">
        {label}
      </label>
      <textarea
        id={id}
        className="input field-sizing-content mt-1.5 max-h-40 min-h-11 resize-none font-mono text-sm!"
        spellCheck={false}
        autoCapitalize="off"
        value={value}
        aria-describedby={`${id}-hint`}
        aria-invalid={trouble ? true : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      <p id={`${id}-hint`} className={`mt-1 ${trouble ? 'text-[0.8125rem] text-danger' : 'hint'}`}>
        {trouble ?? hint}
      </p>
    </div>
  )
}
