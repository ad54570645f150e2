import { type BotIdentity, type GatewayView, gatewayEnvironment } from '@parley/relay/protocol'
import { useMutation } from '@tanstack/react-query'
import { useMe } from '../../shell/session.js'
import { NewSecretButton } from '../../ui/new-secret-button.js'
import { ask } from '../client/relay-client.js'
import { useRefreshRelay } from '../live/use-relay.js'
import { leftOutNote } from '../model/left-out.js'
import { ShowLines } from '../parts/show-lines.js'

type RotateGatewayProps = { gateway: GatewayView; bots: readonly BotIdentity[] }

/** A new secret, shown once; the one before is good for a day more. */
export function RotateGateway({ gateway: { gatewayId, instanceId }, bots }: RotateGatewayProps) {
  const url = useMe().data?.publicUrl ?? window.location.origin
  const refresh = useRefreshRelay()
  const rotate = useMutation({
    mutationFn: () => ask((relay) => relay.rotateGateway(gatewayId)),
    onSuccess: refresh,
  })
  return (
    <NewSecretButton
      label="Rotate"
      name={`Rotate ${gatewayId}`}
      rotate={rotate}
      question={`Make a new secret for ${gatewayId}?`}
      warning="The one before is good for a day more, so that the gateway can change over."
      lead={() => 'Start the gateway with these lines. The secret before is good for a day more.'}
      size="wide"
    >
      {(made, close) => (
        <ShowLines
          testId="environment"
          note={leftOutNote(bots)}
          lines={gatewayEnvironment(url, { ...made, instanceId, bots })}
          onDone={close}
        />
      )}
    </NewSecretButton>
  )
}
