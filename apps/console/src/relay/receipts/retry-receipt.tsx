import type { ReceiptView } from '@parley/relay/protocol'
import { useMutation } from '@tanstack/react-query'
import { ConfirmButton } from '../../ui/confirm-button.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { ask } from '../client/relay-client.js'
import { useRefreshRelay } from '../live/use-relay.js'

const small = 'btn min-h-8 px-2.5 text-[0.8125rem]'

/** Another try, for what was not sent, and for what may have been after a question. */
export function RetryReceipt({ receipt: { id, op, state } }: { receipt: ReceiptView }) {
  const refresh = useRefreshRelay()
  // Also after a refusal: it says that the receipt went on meanwhile.
  const retry = useMutation({
    mutationFn: () => ask((relay) => relay.retryReceipt(id)),
    onSettled: refresh,
  })
  if (state === 'parked')
    return (
      <ConfirmButton
        label="Send again…"
        name={`Send ${op} again`}
        className={small}
        title="Send it again?"
        lead="It may have been sent before. Then it is there twice."
        confirm="Send again"
        act={async () => void (await retry.mutateAsync())}
      />
    )
  if (state !== 'dead') return retry.error ? <ProblemNotice error={retry.error} /> : null
  return (
    <>
      <button
        type="button"
        className={small}
        aria-label={`Send ${op} again`}
        disabled={retry.isPending}
        onClick={() => retry.mutate()}
      >
        Send again
      </button>
      {retry.error && <ProblemNotice error={retry.error} />}
    </>
  )
}
