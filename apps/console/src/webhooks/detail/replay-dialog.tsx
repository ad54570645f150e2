import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { DialogActions, FormDialog } from '../../ui/dialog.js'
import { DialogForm } from '../../ui/dialog-form.js'
import { TextField } from '../../ui/text-field.js'
import { replay } from '../model/api.js'
import { useRefreshWebhooks } from '../use-webhooks.js'

/** Sends stored events of a room again. */
export function ReplayDialog({ webhookId, roomId }: { webhookId: string; roomId: string | null }) {
  const [open, setOpen] = useState(false)
  const refresh = useRefreshWebhooks()
  const again = useMutation({
    mutationFn: ({ room, from }: Wanted) => replay(webhookId, room, from - 1),
    onSuccess: refresh,
  })
  const start = () => {
    again.reset()
    setOpen(true)
  }
  return (
    <>
      <button type="button" className="btn" onClick={start}>
        Replay…
      </button>
      <FormDialog
        open={open}
        onOpenChange={setOpen}
        title="Send events again"
        lead="What is stored of a room goes out once more, behind what waits already."
      >
        {again.data === undefined ? (
          <WantedForm
            roomId={roomId}
            pending={again.isPending}
            error={again.error}
            submit={(wanted) => again.mutate(wanted)}
            cancel={() => setOpen(false)}
          />
        ) : (
          <Done count={again.data} onDone={() => setOpen(false)} />
        )}
      </FormDialog>
    </>
  )
}

/** `from`: the number of the first event that is sent. */
type Wanted = { room: string; from: number }

type WantedFormProps = {
  roomId: string | null
  pending: boolean
  error: unknown
  submit: (wanted: Wanted) => void
  cancel: () => void
}

function WantedForm({ roomId, pending, error, submit, cancel }: WantedFormProps) {
  const [room, setRoom] = useState(roomId ?? '')
  const [from, setFrom] = useState('1')
  return (
    <DialogForm
      action="Send again"
      pending={pending}
      error={error}
      send={() => submit({ room: room.trim(), from: Number(from) })}
      cancel={cancel}
    >
      <TextField label="Id of the room" value={room} onChange={setRoom} required placeholder="th_…" />
      <TextField label="From event number" type="number" min={1} value={from} onChange={setFrom} required />
    </DialogForm>
  )
}

function Done({ count, onDone }: { count: number; onDone: () => void }) {
  return (
    <>
      <p role="status" className="notice notice-accent mt-4">
        {count === 1 ? '1 event is on its way.' : `${count} events are on their way.`}
      </p>
      <DialogActions>
        <button type="button" className="btn btn-primary" onClick={onDone}>
          Done
        </button>
      </DialogActions>
    </>
  )
}
