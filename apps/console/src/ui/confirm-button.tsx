import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ConfirmDialog, DialogActions } from './dialog.js'
import { ProblemNotice } from './problem-notice.js'

type ConfirmButtonProps = {
  label: string
  /** Name for screen readers when several buttons share a label. */
  name?: string
  title: string
  lead: string
  confirm: string
  act: () => Promise<void>
  className?: string
}

/** A button that asks first, then acts; a failure is shown where the question was. */
export function ConfirmButton({ label, name, title, lead, confirm, act, className }: ConfirmButtonProps) {
  const [open, setOpen] = useState(false)
  const action = useMutation({ mutationFn: act, onSuccess: () => setOpen(false) })
  const ask = () => {
    action.reset()
    setOpen(true)
  }
  return (
    <>
      <button type="button" className={className ?? 'btn btn-danger-quiet'} aria-label={name} onClick={ask}>
        {label}
      </button>
      <ConfirmDialog open={open} onOpenChange={setOpen} title={title} lead={lead}>
        {action.error && (
          <div className="mt-4">
            <ProblemNotice error={action.error} />
          </div>
        )}
        <DialogActions>
          <button type="button" className="btn" onClick={() => setOpen(false)}>
            Cancel
          </button>
          <button
            type="button"
            className="btn btn-danger"
            disabled={action.isPending}
            onClick={() => action.mutate()}
          >
            {confirm}
          </button>
        </DialogActions>
      </ConfirmDialog>
    </>
  )
}
