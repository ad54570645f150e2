import type { BotIdentity, GatewayView } from '@parley/relay/protocol'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useMe } from '../../shell/session.js'
import { DialogActions, FormDialog } from '../../ui/dialog.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { ask } from '../client/relay-client.js'
import { useRefreshRelay } from '../live/use-relay.js'
import { environmentOf, leftOutNote } from '../model/environment.js'
import { ShowLines } from '../parts/show-lines.js'

type RotateGatewayProps = { gateway: GatewayView; bots: readonly BotIdentity[] }

/** A new secret, shown once; the one before is good for a day more. */
export function RotateGateway({ gateway: { gatewayId, instanceId }, bots }: RotateGatewayProps) {
  const [open, setOpen] = useState(false)
  const url = useMe().data?.publicUrl ?? window.location.origin
  const refresh = useRefreshRelay()
  const rotate = useMutation({
    mutationFn: () => ask((relay) => relay.rotateGateway(gatewayId)),
    onSuccess: refresh,
  })
  const close = () => setOpen(false)
  const start = () => {
    rotate.reset()
    setOpen(true)
  }
  return (
    <>
      <button type="button" className="btn" aria-label={`Rotate ${gatewayId}`} onClick={start}>
        Rotate
      </button>
      <FormDialog
        open={open}
        onOpenChange={setOpen}
        size={rotate.data ? 'wide' : 'usual'}
        title={rotate.data ? 'Copy the new secret now' : `Make a new secret for ${gatewayId}?`}
        lead={
          rotate.data
            ? 'Start the gateway with these lines. The secret before is good for a day more.'
            : 'The one before is good for a day more, so that the gateway can change over.'
        }
      >
        {rotate.data ? (
          <ShowLines
            testId="environment"
            note={leftOutNote(bots)}
            lines={environmentOf(url, { ...rotate.data, instanceId, bots })}
            onDone={close}
          />
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
