import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { told } from '../client/problems.js'
import { sessionsClient } from '../client/sessions-client.js'

const key = ['sessions', 'plane-settings'] as const

/** Whether questions of all sessions are answered by themselves. */
export function AutoApproveAll() {
  const queries = useQueryClient()
  const settings = useQuery({ queryKey: key, queryFn: () => told(sessionsClient().fetchSettings()) })
  const change = useMutation({
    mutationFn: (autoApprovePermissions: boolean) =>
      told(sessionsClient().updateSettings({ autoApprovePermissions })),
    onSuccess: (data) => queries.setQueryData(key, data),
  })
  if (!settings.data) return null
  return (
    <section className="mt-6 max-w-[70ch]">
      <label className="flex items-start gap-3">
        <input
          type="checkbox"
          className="mt-1 size-4 accent-accent"
          checked={settings.data.autoApprovePermissions}
          disabled={change.isPending}
          onChange={(event) => change.mutate(event.target.checked)}
        />
        <span>
          <span className="block text-sm font-medium">Let all agents do what they ask for</span>
          <span className="hint">
            Every permission of every session is granted at once. Nobody is asked any more.
          </span>
        </span>
      </label>
      {change.error && <ProblemNotice error={change.error} />}
    </section>
  )
}
