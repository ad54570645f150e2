/** Of the details, in characters. */
const maxDetails = 2_000

/**
 * What a JSON-RPC error says to people: its message, and the details beside it. WHY the details: ACP libraries answer
 * `Internal error` for everything that an agent throws, and put what happened into `data` or `data.details`.
 */
export function rpcErrorText({ message, data }: { message?: unknown; data?: unknown }): string {
  const said = typeof message === 'string' ? message : String(message)
  const details = detailsOf(data)?.trim().slice(0, maxDetails)
  return !details || said.includes(details) ? said : `${said}: ${details}`
}

function detailsOf(data: unknown): string | undefined {
  const details = typeof data === 'object' && data !== null && 'details' in data ? data.details : data
  return typeof details === 'string' ? details : undefined
}
