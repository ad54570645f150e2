// A command that writes a few fields: what an agent would do, for a person with a terminal.

/** What to write; fixed words without quotes, so that every shell takes them. */
const sample = {
  name: 'Sample Visitor',
  email: 'visitor@example.org',
  track: 'protocols',
  arrival: '2026-06-17',
  guests: 1,
  meals: 'vegetarian',
  newsletter: true,
  notes: 'Arriving by train in the evening.',
}

export type AgentAccess = { readonly actionUrl: string; readonly token: string }

/** The command for a session. */
export function curlLine(origin: string, { actionUrl, token }: AgentAccess): string {
  const actions = Object.entries(sample).map(([key, value]) => ({ type: 'set', key, value }))
  return [
    `curl -sS ${quote(`${origin}${actionUrl}`)}`,
    `  -H ${quote(`X-Handshake-Token: ${token}`)}`,
    `  -H ${quote('Content-Type: application/json')}`,
    `  -d ${quote(JSON.stringify({ actions }))}`,
  ].join(' \\\n')
}

/** One word for a POSIX shell, whatever is in it. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
