import type { IncomingHttpHeaders } from 'node:http'

/** How a request came in, as far as its headers don't say. */
export type Arrival = {
  method: string
  /** Behind trusted proxies the client's. */
  remoteAddress: string
  /** True for a WebSocket. */
  isUpgrade: boolean
}

/**
 * WHY: the threads plane is given headers and nothing else, and keeps those of a socket for as long as it lives. So the
 * door writes down here what it saw. It does so for every request it hands to the plane, over whatever a stranger sent
 * under this name.
 */
const header = 'x-parley-arrival'

/** Writes it into the headers of a request that goes to the threads plane. */
export function stampArrival(headers: Headers | IncomingHttpHeaders, arrival: Arrival): void {
  const value = JSON.stringify(arrival)
  if ('set' in headers && typeof headers.set === 'function') headers.set(header, value)
  // The cast: what has no `set` is Node's record, whose own keys may be any text.
  else (headers as IncomingHttpHeaders)[header] = value
}

/** Reads it back; undefined for a request that did not pass the door. */
export function readArrival(headers: Readonly<Record<string, string>>): Arrival | undefined {
  const value = headers[header]
  // The cast: only `stampArrival` writes it.
  return value === undefined ? undefined : (JSON.parse(value) as Arrival)
}
