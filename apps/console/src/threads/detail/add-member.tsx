import type { Identity, Thread, ThreadMember } from '@parley/threads/protocol'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { FormDialog } from '../../ui/dialog.js'
import { addMember } from '../model/api.js'
import { AddMemberForm } from './add-member-form.js'
import { useRefreshRoom } from './use-room.js'

/** Lets somebody in. */
export function AddMember({ thread, members }: { thread: Thread; members: readonly ThreadMember[] }) {
  const [open, setOpen] = useState(false)
  const refresh = useRefreshRoom(thread.id)
  const add = useMutation({
    mutationFn: (identity: Identity) => addMember(thread.id, identity),
    onSuccess: async () => {
      setOpen(false)
      await refresh()
    },
  })
  const start = () => {
    add.reset()
    setOpen(true)
  }
  return (
    <>
      <button
        type="button"
        className="btn btn-quiet min-h-8 px-2 text-[0.8125rem] text-accent"
        onClick={start}
      >
        Add
      </button>
      <FormDialog open={open} onOpenChange={setOpen} title="Add to this room">
        <AddMemberForm
          tenant={thread.tenant}
          known={members.map(({ identity_id }) => identity_id)}
          pending={add.isPending}
          error={add.error}
          submit={(identity) => add.mutate(identity)}
          cancel={() => setOpen(false)}
        />
      </FormDialog>
    </>
  )
}
