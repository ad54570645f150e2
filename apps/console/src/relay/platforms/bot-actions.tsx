import type { BotView } from '@parley/relay/protocol'
import { useMutation } from '@tanstack/react-query'
import { ConfirmButton } from '../../ui/confirm-button.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { ask } from '../client/relay-client.js'
import { useRefreshRelay } from '../live/use-relay.js'

/** Proof of the credential, on and off, and the end. */
export function BotActions({ bot, title }: { bot: BotView; title: string }) {
  const refresh = useRefreshRelay()
  const test = useMutation({ mutationFn: () => ask((relay) => relay.testBot(bot)) })
  const enable = useMutation({
    mutationFn: (isEnabled: boolean) => ask((relay) => relay.changeBot(bot, { isEnabled })),
    onSettled: refresh,
  })
  const remove = async () => {
    await ask((relay) => relay.removeBot(bot))
    await refresh()
  }
  const error = test.error ?? enable.error
  return (
    <div className="flex flex-col gap-2 sm:items-end">
      <div className="flex flex-wrap gap-2">
        <button
          type="button"
          className="btn"
          aria-label={`Test ${title}`}
          disabled={test.isPending}
          onClick={() => test.mutate()}
        >
          {test.isPending ? 'Testing…' : 'Test'}
        </button>
        <button
          type="button"
          className="btn"
          aria-label={`Switch ${title} ${bot.isEnabled ? 'off' : 'on'}`}
          disabled={enable.isPending}
          onClick={() => enable.mutate(!bot.isEnabled)}
        >
          {bot.isEnabled ? 'Switch off' : 'Switch on'}
        </button>
        <ConfirmButton
          label="Remove"
          name={`Remove ${title}`}
          title={`Remove ${title}?`}
          lead="Its credential and who fronts it are forgotten. Agents behind it can neither read nor write there any more."
          confirm="Remove bot"
          act={remove}
        />
      </div>
      {test.data && (
        <p role="status" className={`text-sm ${test.data.ok ? 'text-accent' : 'text-danger'}`}>
          {test.data.detail || (test.data.ok ? 'The credential is good.' : 'The credential is not good.')}
        </p>
      )}
      {error && <ProblemNotice error={error} />}
    </div>
  )
}
