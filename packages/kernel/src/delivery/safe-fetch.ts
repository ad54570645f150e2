// The one way out to addresses that users supply. The host is resolved here, every address it has is checked, and the
// connection goes to one of those: a name that resolves to something else a moment later gains nothing.
import { promises as dns, type LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { Agent, type Dispatcher, request } from 'undici'
import { isParleyError } from '../errors/index.js'
import type { Clock } from '../ids/index.js'
import { isPublicAddress, plainHost, toAllowedPrivate } from './address-rules.js'
import { deliveryErrors } from './errors.js'
import { readAtMost } from './read-at-most.js'

/** All addresses of a host. */
export type ResolveHost = (host: string) => Promise<readonly LookupAddress[]>

export type GuardedFetchOptions = {
  clock: Clock
  /**
   * What may be reached although it is not public: hosts, IP addresses and CIDR blocks, or `true` for everything.
   * Default `false`.
   */
  allowPrivate?: boolean | readonly string[]
  /** Default: the operating system's resolver. */
  resolve?: ResolveHost
  /** Longest time until the headers of the answer. Default 10,000. */
  headersWithinMs?: number
  /** Longest time for everything. Default 30,000. */
  withinMs?: number
  /** What is read of the answer's body; the rest is thrown away with the connection. Default 65,536; 0: nothing is read. */
  maxBodyBytes?: number
}

export type GuardedRequest = {
  /** Default `GET`. */
  method?: Dispatcher.HttpMethod
  headers?: Readonly<Record<string, string>>
  body?: string | Uint8Array
  /**
   * How many redirects of a `GET` or `HEAD` are followed; each is checked like the first address, and `headers` go there too. Default 0.
   */
  redirects?: number
  signal?: AbortSignal
}

export type GuardedAnswer = {
  /** Where it came from, after redirects. */
  url: string
  status: number
  headers: Readonly<Record<string, string | string[] | undefined>>
  body: Uint8Array
  /** The body went on past the limit. */
  isTruncated: boolean
}

/** Sends to addresses that users supply, and to nothing that is not on the public internet. */
export interface GuardedFetch {
  /**
   * Sends one request. Follows no redirect unless it is told to. Throws `delivery.invalid_address`, `delivery.address_not_allowed`,
   * `delivery.host_not_found`, `delivery.redirected`, `delivery.timed_out`, `delivery.unreachable`, or the reason
   * of `signal`. No message says what a host resolved to.
   */
  fetch(url: string, request?: GuardedRequest): Promise<GuardedAnswer>
  /** Checks an address without sending, for a form that takes one. Throws what `fetch` would. */
  assertAllowed(url: string): Promise<void>
  /** Cuts every connection. */
  close(): Promise<void>
}

const systemResolve: ResolveHost = (host) => dns.lookup(host, { all: true, verbatim: true })

export function createGuardedFetch(options: GuardedFetchOptions): GuardedFetch {
  const { clock, allowPrivate = false, resolve = systemResolve } = options
  const { headersWithinMs = 10_000, withinMs = 30_000, maxBodyBytes = 65_536 } = options
  const resolveAllowed = allowedResolver(resolve, allowPrivate)
  const dispatcher = new Agent({
    connect: { lookup: toLookup(resolveAllowed), timeout: 0 },
    // The clock keeps the time.
    headersTimeout: 0,
    bodyTimeout: 0,
  })

  const send = async (url: URL, sent: GuardedRequest, deadline: Deadline): Promise<GuardedAnswer> => {
    const { method = 'GET', headers, body } = sent
    // A name is checked while connecting; an address in the URL is never looked up.
    if (isIP(bareHost(url))) await resolveAllowed(bareHost(url))
    const answer = await request(url, { dispatcher, method, headers, body, signal: deadline.signal })
    const { statusCode: status } = answer
    // OUTSIDE: a body that is destroyed early tells its error to whoever listens, and to the process when nobody does.
    answer.body.on('error', () => {})
    if (status >= 300 && status < 400 && status !== 304) {
      answer.body.destroy()
      return send(
        nextUrl(url, answer.headers.location, status, sent),
        { ...sent, redirects: left(sent) - 1 },
        deadline,
      )
    }
    deadline.hasHeaders()
    return {
      url: url.href,
      status,
      headers: answer.headers,
      ...(await readAtMost(answer.body, maxBodyBytes)),
    }
  }

  return {
    async fetch(address, sent = {}) {
      const url = toUrl(address)
      sent.signal?.throwIfAborted()
      const deadline = startDeadline(clock, { headersWithinMs, withinMs, signal: sent.signal })
      try {
        return await send(url, sent, deadline)
      } catch (error) {
        throw deadline.reason(sent.signal) ?? toRefusal(error)
      } finally {
        deadline.stop()
      }
    },
    assertAllowed: async (address) => {
      await resolveAllowed(bareHost(toUrl(address)))
    },
    close: () => dispatcher.destroy(),
  }
}

function toUrl(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:'
  if (!url || !isHttp || url.username || url.password) throw deliveryErrors.invalidAddress()
  return url
}

const left = ({ redirects = 0, method = 'GET' }: GuardedRequest): number =>
  method === 'GET' || method === 'HEAD' ? redirects : 0

/** Where a redirect leads. */
function nextUrl(
  from: URL,
  location: string | string[] | undefined,
  status: number,
  sent: GuardedRequest,
): URL {
  if (left(sent) <= 0 || typeof location !== 'string')
    throw deliveryErrors.redirected({ details: { status } })
  return toUrl(URL.canParse(location, from.href) ? new URL(location, from).href : '')
}

/** The host of a URL; an IPv6 address without its brackets. */
const bareHost = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '')

function allowedResolver(resolve: ResolveHost, allowPrivate: boolean | readonly string[]): ResolveHost {
  const allowed = toAllowedPrivate(allowPrivate)
  const isLocalName = (host: string) => /(^|\.)localhost$/.test(plainHost(host))
  return async (host) => {
    const isFree = allowed.hasHost(host)
    const found = isIP(host) ? [{ address: host, family: isIP(host) }] : await find(host, resolve)
    const isAllowed = ({ address }: LookupAddress) =>
      allowed.hasAddress(address) || (isPublicAddress(address) && !isLocalName(host))
    if (!isFree && !found.every(isAllowed)) throw deliveryErrors.addressNotAllowed()
    return found
  }
}

async function find(host: string, resolve: ResolveHost): Promise<readonly LookupAddress[]> {
  const found = await resolve(host).catch((cause: unknown) => {
    throw deliveryErrors.hostNotFound({ cause })
  })
  if (found.length === 0) throw deliveryErrors.hostNotFound()
  return found
}

/** Node's lookup over a resolver of promises. */
function toLookup(resolve: ResolveHost): LookupFunction {
  return (host, { all, family }, done) => {
    resolve(host).then(
      (found) => {
        const fitting = family === 4 || family === 6 ? found.filter((one) => one.family === family) : found
        const [first] = fitting
        if (!first) done(deliveryErrors.hostNotFound(), '')
        else if (all) done(null, [...fitting])
        else done(null, first.address, first.family)
      },
      (error) => done(error, ''),
    )
  }
}

type Deadline = {
  signal: AbortSignal
  /** From now on only the time for everything counts. */
  hasHeaders(): void
  /** Why it was aborted, if it was. */
  reason(outer?: AbortSignal): unknown
  stop(): void
}

type Limits = { headersWithinMs: number; withinMs: number; signal?: AbortSignal }

function startDeadline(clock: Clock, { headersWithinMs, withinMs, signal }: Limits): Deadline {
  const late = new AbortController()
  const end = () => late.abort(deliveryErrors.timedOut())
  const hasHeaders = clock.after(headersWithinMs, end)
  const stopWhole = clock.after(withinMs, end)
  return {
    signal: signal ? AbortSignal.any([late.signal, signal]) : late.signal,
    hasHeaders,
    reason: (outer) => (outer?.aborted ? outer.reason : late.signal.reason),
    stop: () => {
      hasHeaders()
      stopWhole()
    },
  }
}

/** A refusal of ours as it is; anything else by its code alone, because its text may hold an address. */
function toRefusal(error: unknown): unknown {
  if (isParleyError(error)) return error
  const reason = (error as { code?: unknown } | undefined)?.code
  return deliveryErrors.unreachable({
    cause: error,
    ...(typeof reason === 'string' && { details: { reason } }),
  })
}
