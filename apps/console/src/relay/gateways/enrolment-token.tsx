import { enrolmentEnvironment } from '@parley/relay/protocol'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useMe } from '../../shell/session.js'
import { FormDialog } from '../../ui/dialog.js'
import { DialogForm } from '../../ui/dialog-form.js'
import { TimeLeft } from '../../ui/time.js'
import { ask } from '../client/relay-client.js'
import { ShowLines } from '../parts/show-lines.js'
import { TenantField } from './enrol-form.js'

/** A token with which a gateway enrols itself, once. */
export function EnrolmentTokenButton({ tenant }: { tenant: string }) {
  const [open, setOpen] = useState(false)
  const [wanted, setWanted] = useState(tenant)
  const url = useMe().data?.publicUrl ?? window.location.origin
  const make = useMutation({
    mutationFn: () => ask((relay) => relay.createEnrolmentToken({ tenant: wanted.trim() })),
  })
  const start = () => {
    setWanted(tenant)
    make.reset()
    setOpen(true)
  }
  const close = () => setOpen(false)
  return (
    <>
      <button type="button" className="btn" onClick={start}>
        Enrolment token
      </button>
      <FormDialog
        open={open}
        onOpenChange={setOpen}
        size={make.data ? 'wide' : 'usual'}
        title={make.data ? 'Copy the token now' : 'Make an enrolment token'}
        lead={
          make.data ? (
            <>
              A gateway of {make.data.tenant} enrols itself with it, once.{' '}
              <TimeLeft deadlineMs={Date.parse(make.data.expiresAt)} suffix=" left." />
            </>
          ) : (
            'For a gateway that asks for its secret itself, with an identity token of its tenant.'
          )
        }
      >
        {make.data ? (
          <ShowLines testId="enrolment" lines={enrolmentEnvironment(url, make.data.token)} onDone={close} />
        ) : (
          <DialogForm
            action="Make token"
            pending={make.isPending}
            error={make.error}
            send={() => make.mutate()}
            cancel={close}
          >
            <TenantField value={wanted} onChange={setWanted} />
          </DialogForm>
        )}
      </FormDialog>
    </>
  )
}
