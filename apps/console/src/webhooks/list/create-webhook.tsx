import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { FormDialog } from '../../ui/dialog.js'
import { ShowSecret } from '../../ui/show-secret.js'
import { createWebhook } from '../model/api.js'
import { useRefreshWebhooks } from '../use-webhooks.js'
import { WebhookForm } from './webhook-form.js'

/** Makes a webhook and shows its secret, once. */
export function CreateWebhook() {
  const [open, setOpen] = useState(false)
  const refresh = useRefreshWebhooks()
  const create = useMutation({ mutationFn: createWebhook, onSuccess: refresh })
  const start = () => {
    create.reset()
    setOpen(true)
  }
  return (
    <>
      <button type="button" className="btn btn-primary" onClick={start}>
        New webhook
      </button>
      <FormDialog
        open={open}
        onOpenChange={setOpen}
        title={create.data ? 'Copy the secret now' : 'New webhook'}
        lead={
          create.data ? 'Your program checks signatures with it. Nobody can show it to you again.' : undefined
        }
      >
        {create.data ? (
          <ShowSecret
            noun="secret"
            testId="secret"
            secret={create.data.secret}
            onDone={() => setOpen(false)}
          />
        ) : (
          <WebhookForm
            pending={create.isPending}
            error={create.error}
            submit={(wanted) => create.mutate(wanted)}
            cancel={() => setOpen(false)}
          />
        )}
      </FormDialog>
    </>
  )
}
