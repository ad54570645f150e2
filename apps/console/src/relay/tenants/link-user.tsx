import type { InstanceView } from '@parley/relay/protocol'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { DialogForm } from '../../ui/dialog-form.js'
import { FormButton } from '../../ui/form-button.js'
import { TextField } from '../../ui/text-field.js'
import { ask } from '../client/relay-client.js'
import { useRefreshRelay } from '../live/use-relay.js'
import { useLinkFields } from './link-fields.js'

type LinkUserProps = { tenant: string; instances: readonly InstanceView[] }

/** Links somebody without a code: for who knows whom the user of the platform is. */
export function LinkUser(props: LinkUserProps) {
  return (
    <FormButton
      label="Link a user"
      title="Link a user"
      lead="Without a code: do it only when you know whom this user of the platform is."
    >
      {(close) => <LinkForm {...props} close={close} />}
    </FormButton>
  )
}

function LinkForm({ tenant, instances, close }: LinkUserProps & { close: () => void }) {
  const { instanceId, platform, fields } = useLinkFields(instances)
  const [userId, setUserId] = useState('')
  const refresh = useRefreshRelay()
  const link = useMutation({
    mutationFn: () => ask((relay) => relay.link({ tenant, instanceId, platform, userId: userId.trim() })),
    onSuccess: async () => {
      close()
      await refresh()
    },
  })
  return (
    <DialogForm
      action="Link"
      pending={link.isPending || platform === ''}
      error={link.error}
      send={() => link.mutate()}
      cancel={close}
    >
      {fields}
      <TextField
        label="User"
        value={userId}
        onChange={setUserId}
        required
        maxLength={255}
        placeholder="ada"
        hint="Their id on the platform, not their name."
      />
    </DialogForm>
  )
}
