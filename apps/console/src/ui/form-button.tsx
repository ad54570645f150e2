import { Fragment, type ReactNode, useState } from 'react'
import { FormDialog } from './dialog.js'

type FormButtonProps = {
  label: ReactNode
  /** For screen readers, where several buttons share a label. */
  name?: string
  className?: string
  title: string
  lead?: ReactNode
  size?: 'usual' | 'wide'
  /** A fresh one each time it is opened. */
  children: (close: () => void) => ReactNode
}

/** A button that opens a form. */
export function FormButton({ label, name, className = 'btn', title, lead, size, children }: FormButtonProps) {
  const [open, setOpen] = useState(false)
  const [attempt, setAttempt] = useState(0)
  return (
    <>
      <button
        type="button"
        className={className}
        aria-label={name}
        onClick={() => {
          setAttempt(attempt + 1)
          setOpen(true)
        }}
      >
        {label}
      </button>
      <FormDialog open={open} onOpenChange={setOpen} title={title} lead={lead} size={size}>
        <Fragment key={attempt}>{children(() => setOpen(false))}</Fragment>
      </FormDialog>
    </>
  )
}
