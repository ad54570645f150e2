import { useState } from 'react'
import { FormDialog } from '../../ui/dialog.js'
import type { Tenant } from '../model/tenant.js'
import { NewRoomForm } from './new-room-form.js'
import { useCreateRoom } from './use-create-room.js'

/** Asks for a room and goes there once it is made. */
export function NewRoomButton({ tenant }: { tenant: Tenant }) {
  const [open, setOpen] = useState(false)
  const create = useCreateRoom()
  const start = () => {
    create.reset()
    setOpen(true)
  }
  return (
    <>
      <button type="button" className="btn btn-primary" onClick={start}>
        New room
      </button>
      <FormDialog open={open} onOpenChange={setOpen} title="New room" lead="You are its first member.">
        <NewRoomForm
          tenant={tenant}
          pending={create.isPending}
          error={create.error}
          submit={(wanted) => create.mutate(wanted)}
          cancel={() => setOpen(false)}
        />
      </FormDialog>
    </>
  )
}
