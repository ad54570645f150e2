import type { ReactNode } from 'react'
import { DialogActions } from './dialog.js'
import { ProblemNotice } from './problem-notice.js'

type DialogFormProps = {
  /** On the button that sends it. */
  action: string
  /** True while what was sent is not answered. */
  pending: boolean
  /** Why it was refused, if it was. */
  error: unknown
  send: () => void
  cancel: () => void
  children: ReactNode
}

/** The fields of a dialog, what went wrong with them, and the two ways out. */
export function DialogForm({ action, pending, error, send, cancel, children }: DialogFormProps) {
  return (
    <form
      className="mt-4 flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      {children}
      {error != null && <ProblemNotice error={error} />}
      <DialogActions>
        <button type="button" className="btn" onClick={cancel}>
          Cancel
        </button>
        <button type="submit" className="btn btn-primary" disabled={pending}>
          {action}
        </button>
      </DialogActions>
    </form>
  )
}
