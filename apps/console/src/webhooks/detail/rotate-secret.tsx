import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { DialogActions, FormDialog } from '../../ui/dialog.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { ShowSecret } from '../../ui/show-secret.js'
import { Moment } from '../../ui/time.js'
import { rotateSecret } from '../model/api.js'

/** A new secret, shown once; the one before signs as well for a while. */
export function RotateSecret({ id }: { id: string }) {
  const [open, setOpen] = useState(false)
  const rotate = useMutation({ mutationFn: () => rotateSecret(id) })
  const close = () => setOpen(false)
  const start = () => {
    rotate.reset()
    setOpen(true)
  }
  return (
    <>
      <button type="button" className="btn" onClick={start}>
        Rotate secret
      </button>
      <FormDialog
        open={open}
        onOpenChange={setOpen}
        title={rotate.data ? 'Copy the new secret now' : 'Make a new secret?'}
        lead={
          rotate.data ? (
            <>
              The one before signs as well until <Moment iso={rotate.data.previousUntil} />.
            </>
          ) : (
            'For a day both sign, so that your program can change over. A secret before the last one ends at once.'
          )
        }
      >
        {rotate.data ? (
          <ShowSecret noun="secret" testId="secret" secret={rotate.data.secret} onDone={close} />
        ) : (
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
        )}
      </FormDialog>
    </>
  )
}
