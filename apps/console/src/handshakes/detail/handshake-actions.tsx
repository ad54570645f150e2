import { useMutation } from '@tanstack/react-query'
import { ConfirmButton } from '../../ui/confirm-button.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { extendHandshake, revokeHandshake } from '../model/api.js'
import { ExtendDialog } from './extend-dialog.js'
import { useRefreshHandshake } from './use-handshake.js'

const halfHour = 1800

/** More time, or the end. */
export function HandshakeActions({ id, deadlineMs }: { id: string; deadlineMs: number }) {
  const refresh = useRefreshHandshake(id)
  const extend = useMutation({
    mutationFn: (seconds: number) => extendHandshake(id, seconds),
    onSuccess: refresh,
  })
  const revoke = async () => {
    await revokeHandshake(id)
    await refresh()
  }
  return (
    <div className="flex flex-col gap-2 sm:items-end">
      <div className="flex flex-wrap gap-2">
        <button
          type="button"
          className="btn"
          disabled={extend.isPending}
          onClick={() => extend.mutate(halfHour)}
        >
          Extend 30 min
        </button>
        <ExtendDialog deadlineMs={deadlineMs} extend={(seconds) => extend.mutateAsync(seconds)} />
        <ConfirmButton
          label="Revoke"
          title="Revoke this handshake?"
          lead="The agent and the page lose access at once. What was filled in stays in the page. This cannot be undone."
          confirm="Revoke handshake"
          act={revoke}
        />
      </div>
      {extend.error && <ProblemNotice error={extend.error} />}
    </div>
  )
}
