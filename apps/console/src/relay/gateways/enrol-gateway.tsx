import { gatewayEnvironment } from '@parley/relay/protocol'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useMe } from '../../shell/session.js'
import { FormDialog } from '../../ui/dialog.js'
import { ask } from '../client/relay-client.js'
import { useRefreshRelay } from '../live/use-relay.js'
import { leftOutNote } from '../model/left-out.js'
import { ShowLines } from '../parts/show-lines.js'
import { EnrolForm } from './enrol-form.js'
import { newGatewayOf } from './gateway-fields.js'

/** Makes a gateway and shows its environment, once. */
export function EnrolGateway({ tenant }: { tenant: string }) {
  const [open, setOpen] = useState(false)
  const url = useMe().data?.publicUrl ?? window.location.origin
  const refresh = useRefreshRelay()
  const enrol = useMutation({
    mutationFn: (fields: Parameters<typeof newGatewayOf>[0]) =>
      ask((relay) => relay.enrollGateway(newGatewayOf(fields))),
    onSuccess: refresh,
  })
  const start = () => {
    enrol.reset()
    setOpen(true)
  }
  return (
    <>
      <button type="button" className="btn btn-primary" onClick={start}>
        Enrol a gateway
      </button>
      <FormDialog
        open={open}
        onOpenChange={setOpen}
        size={enrol.data ? 'wide' : 'usual'}
        title={enrol.data ? 'Copy its environment now' : 'Enrol a gateway'}
        lead={
          enrol.data ? 'Start the gateway with these lines. Nobody can show you the secret again.' : undefined
        }
      >
        {enrol.data ? (
          <ShowLines
            testId="environment"
            note={leftOutNote(enrol.data.bots)}
            lines={gatewayEnvironment(url, enrol.data)}
            onDone={() => setOpen(false)}
          />
        ) : (
          <EnrolForm
            tenant={tenant}
            pending={enrol.isPending}
            error={enrol.error}
            submit={(fields) => enrol.mutate(fields)}
            cancel={() => setOpen(false)}
          />
        )}
      </FormDialog>
    </>
  )
}
