import type { Prepared } from './bare-http.js'

// Node's HTTP server sends these by itself, for us and for the baseline.
const addedByNode = ['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding']

/** One real answer, for a baseline that sends the same bytes. Throws when it is no 2xx. */
export async function prepare(url: string, init: RequestInit): Promise<Prepared> {
  const response = await fetch(url, init)
  const body = await response.text()
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${body}`)
  const headers = [...response.headers].filter(([name]) => !addedByNode.includes(name))
  return { body, headers: Object.fromEntries(headers) }
}
