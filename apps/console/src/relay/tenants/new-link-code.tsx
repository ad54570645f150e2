import type { InstanceView } from '@parley/relay/protocol'
import { useMutation } from '@tanstack/react-query'
import { CopyButton } from '../../ui/copy-button.js'
import { DialogActions } from '../../ui/dialog.js'
import { DialogForm } from '../../ui/dialog-form.js'
import { FormButton } from '../../ui/form-button.js'
import { TimeLeft } from '../../ui/time.js'
import { ask } from '../client/relay-client.js'
import { useLinkFields } from './link-fields.js'

type LinkCodeProps = { tenant: string; instances: readonly InstanceView[] }

/** A code with which a person links themselves, once. */
export function LinkCodeButton(props: LinkCodeProps) {
  return (
    <FormButton
      label="Create a link code"
      className="btn btn-primary"
      title="Create a link code"
      lead="Who sends it to the bot as a direct message is linked to the agent. It works once."
    >
      {(close) => <CodeForm {...props} close={close} />}
    </FormButton>
  )
}

function CodeForm({ tenant, instances, close }: LinkCodeProps & { close: () => void }) {
  const { instanceId, platform, fields } = useLinkFields(instances)
  const make = useMutation({
    mutationFn: () => ask((relay) => relay.createLinkCode({ tenant, instanceId, platform })),
  })
  if (make.data) {
    const command = `/link ${make.data.code}`
    return (
      <>
        <output data-testid="link-code" className="code-block mt-4 block text-center text-lg select-all">
          {command}
        </output>
        <p className="mt-2 text-center text-sm text-soft">
          As a direct message to the bot.{' '}
          <TimeLeft deadlineMs={Date.parse(make.data.expiresAt)} suffix=" left." />
        </p>
        <DialogActions>
          <CopyButton text={command} label="Copy" className="btn btn-primary" />
          <button type="button" className="btn" onClick={close}>
            Done
          </button>
        </DialogActions>
      </>
    )
  }
  return (
    <DialogForm
      action="Create code"
      pending={make.isPending || platform === ''}
      error={make.error}
      send={() => make.mutate()}
      cancel={close}
    >
      {fields}
    </DialogForm>
  )
}
