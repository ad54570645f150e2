import type { Status } from './status.js'

type Words = { readonly badge: string; readonly className: string; readonly detail: string }

/** Badge and sentence for a state; `labelOf` turns a key into the label of its field. */
export function statusWords(status: Status, labelOf: (key: string) => string): Words {
  switch (status.state) {
    case 'idle':
      return words(
        'Not connected',
        '',
        'You get a short text to paste into any assistant. It opens this form only, for a while.',
      )
    case 'starting':
      return words('Starting…', '', '')
    case 'connected':
      return words('Connected', 'badge-accent', 'Waiting for the agent. What it writes appears in the form.')
    case 'reconnecting':
      return words(
        'Reconnecting…',
        'badge-edited',
        'The connection broke. What you miss now is shown when it is back.',
      )
    case 'writing':
      return words('Agent is writing', 'badge-agent', `${counted(status.fields)} so far.`)
    case 'done':
      return words('Agent is done', 'badge-agent', describeDone(status, labelOf))
    case 'expired':
      return words('Expired', '', 'The time is up; the agent has no access any more. Your form is as it was.')
    case 'revoked':
      return words('Revoked', 'badge-danger', 'The agent has no access any more. Your form is as it was.')
  }
}

function describeDone(done: Extract<Status, { state: 'done' }>, labelOf: (key: string) => string): string {
  const names = (keys: readonly string[]) => keys.map(labelOf).join(', ')
  const parts = [
    `${counted(done.applied)} written.`,
    done.rejected.length > 0 && `Kept as you wrote it: ${names(done.rejected)}.`,
    done.missing.length > 0
      ? `Still missing: ${names(done.missing)}.`
      : 'Nothing is missing: look it over and register.',
  ]
  return parts.filter(Boolean).join(' ')
}

function counted(fields: number): string {
  return `${fields} field${fields === 1 ? '' : 's'}`
}

function words(badge: string, className: string, detail: string): Words {
  return { badge, className: `badge ${className}`, detail }
}
