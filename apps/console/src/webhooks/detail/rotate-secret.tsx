import { useMutation } from '@tanstack/react-query'
import { NewSecretButton } from '../../ui/new-secret-button.js'
import { ShowSecret } from '../../ui/show-secret.js'
import { Moment } from '../../ui/time.js'
import { rotateSecret } from '../model/api.js'

/** A new secret, shown once; the one before signs as well for a while. */
export function RotateSecret({ id }: { id: string }) {
  const rotate = useMutation({ mutationFn: () => rotateSecret(id) })
  return (
    <NewSecretButton
      label="Rotate secret"
      rotate={rotate}
      question="Make a new secret?"
      warning="For a day both sign, so that your program can change over. A secret before the last one ends at once."
      lead={({ previousUntil }) => (
        <>
          The one before signs as well until <Moment iso={previousUntil} />.
        </>
      )}
    >
      {({ secret }, close) => <ShowSecret noun="secret" testId="secret" secret={secret} onDone={close} />}
    </NewSecretButton>
  )
}
