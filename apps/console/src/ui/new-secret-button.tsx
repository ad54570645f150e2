import type { UseMutationResult } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { DialogActions, FormDialog } from './dialog.js'
import { ProblemNotice } from './problem-notice.js'

type NewSecretButtonProps<Made> = {
  label: string
  /** For screen readers, where several buttons share a label. */
  name?: string
  /** Makes it. */
  rotate: UseMutationResult<Made, Error, void>
  /** What is asked before, and what becomes of the secret that is in use. */
  question: string
  warning: ReactNode
  /** What is said beside the new one, and the new one itself. */
  lead: (made: Made) => ReactNode
  size?: 'usual' | 'wide'
  children: (made: Made, close: () => void) => ReactNode
}

/** A button that makes a new secret, which is shown once. */
export function NewSecretButton<Made>(props: NewSecretButtonProps<Made>) {
  const { label, name, rotate, question, warning, lead, size, children } = props
  const [open, setOpen] = useState(false)
  const close = () => setOpen(false)
  const start = () => {
    rotate.reset()
    setOpen(true)
  }
  const made = rotate.data
  return (
    <>
      <button type="button" className="btn" aria-label={name} onClick={start}>
        {label}
      </button>
      <FormDialog
        open={open}
        onOpenChange={setOpen}
        size={made === undefined ? 'usual' : size}
        title={made === undefined ? question : 'Copy the new secret now'}
        lead={made === undefined ? warning : lead(made)}
      >
        {made === undefined ? <Ask rotate={rotate} close={close} /> : children(made, close)}
      </FormDialog>
    </>
  )
}

type AskProps = { rotate: { error: Error | null; isPending: boolean; mutate: () => void }; close: () => void }

function Ask({ rotate, close }: AskProps) {
  return (
    <>
      {rotate.error && (
        <div className="mt-4">
          <ProblemNotice error={rotate.error} />
        </div>
      )}
      <DialogActions>
        <button type="button" className="btn" onClick={close}>
          Cancel
        </button>
        <button
          type="button"
          className="btn btn-primary"
          disabled={rotate.isPending}
          onClick={() => rotate.mutate()}
        >
          New secret
        </button>
      </DialogActions>
    </>
  )
}
