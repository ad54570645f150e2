import { useState } from 'react'
import { formatDuration, secondsLeft } from '../../time/countdown.js'
import { useNow } from '../../time/use-now.js'
import { DialogActions, FormDialog } from '../../ui/dialog.js'

const mostMinutes = 1440
const presets = [15, 60, 240]

type ExtendDialogProps = { deadlineMs: number; extend: (seconds: number) => Promise<unknown> }

/** Asks for how long to extend. The refusal of an extension is shown by the page, beside the buttons. */
export function ExtendDialog({ deadlineMs, extend }: ExtendDialogProps) {
  const [open, setOpen] = useState(false)
  const close = () => setOpen(false)
  return (
    <>
      <button type="button" className="btn" onClick={() => setOpen(true)}>
        Extend by…
      </button>
      <FormDialog
        open={open}
        onOpenChange={setOpen}
        title="Extend the handshake"
        lead={<Left deadlineMs={deadlineMs} />}
      >
        <MinutesForm cancel={close} submit={(minutes) => void extend(minutes * 60).then(close, close)} />
      </FormDialog>
    </>
  )
}

function Left({ deadlineMs }: { deadlineMs: number }) {
  return <>It has {formatDuration(secondsLeft(deadlineMs, useNow()))} left.</>
}

function MinutesForm({ submit, cancel }: { submit: (minutes: number) => void; cancel: () => void }) {
  const [minutes, setMinutes] = useState('60')
  return (
    <form
      className="mt-4"
      onSubmit={(event) => {
        event.preventDefault()
        submit(Number(minutes))
      }}
    >
      <label className="label" htmlFor="extend-minutes">
        Minutes
      </label>
      <div className="mt-1.5 flex flex-wrap items-center gap-2">
        <input
          id="extend-minutes"
          className="input w-28"
          type="number"
          min={1}
          max={mostMinutes}
          required
          value={minutes}
          onChange={(event) => setMinutes(event.target.value)}
        />
        {presets.map((preset) => (
          <button key={preset} type="button" className="btn" onClick={() => setMinutes(String(preset))}>
            {formatDuration(preset * 60)}
          </button>
        ))}
      </div>
      <DialogActions>
        <button type="button" className="btn" onClick={cancel}>
          Cancel
        </button>
        <button type="submit" className="btn btn-primary">
          Extend
        </button>
      </DialogActions>
    </form>
  )
}
