import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { FormDialog } from '../../ui/dialog.js'
import { sessionsKey } from '../list/use-session-list.js'
import { createSession } from './create-session.js'
import { NewSessionForm } from './new-session-form.js'

/** Asks for a session and goes there once its agent is ready. */
export function NewSessionButton({ label = 'New session' }: { label?: string }) {
  const [open, setOpen] = useState(false)
  const queries = useQueryClient()
  const navigate = useNavigate()
  const create = useMutation({
    mutationFn: createSession,
    onSuccess: (id) => navigate({ to: '/sessions/$id', params: { id } }),
    onSettled: () => queries.invalidateQueries({ queryKey: sessionsKey }),
  })
  const start = () => {
    create.reset()
    setOpen(true)
  }
  return (
    <>
      <button type="button" className="btn btn-primary" onClick={start}>
        {label}
      </button>
      <FormDialog open={open} onOpenChange={setOpen} title="New session" size="wide">
        <NewSessionForm
          pending={create.isPending}
          error={create.error}
          submit={(wanted) => create.mutate(wanted)}
          cancel={() => setOpen(false)}
        />
      </FormDialog>
    </>
  )
}
