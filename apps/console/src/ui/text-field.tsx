import { type ReactNode, useId } from 'react'

type TextFieldProps = {
  label: string
  value: string
  onChange: (value: string) => void
  hint?: ReactNode
  /** Why the value cannot be taken. */
  trouble?: string
  required?: boolean
  maxLength?: number
  placeholder?: string
  type?: 'text' | 'url' | 'number' | 'password'
  min?: number
}

/** A line of text with its label, a hint below it, and what is wrong with it. */
export function TextField({ label, value, onChange, hint, trouble, type = 'text', ...rest }: TextFieldProps) {
  const id = useId()
  return (
    <div>
      <label className="label" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        type={type}
        className="input mt-1.5"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        aria-describedby={hint || trouble ? `${id}-hint` : undefined}
        aria-invalid={trouble ? true : undefined}
        autoComplete="off"
        {...rest}
      />
      {(hint || trouble) && (
        <p id={`${id}-hint`} className={`mt-1.5 ${trouble ? 'text-[0.8125rem] text-danger' : 'hint'}`}>
          {trouble ?? hint}
        </p>
      )}
    </div>
  )
}
