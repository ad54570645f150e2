import type { ResolveHost } from '@parley/kernel/delivery'

/** Where webhooks may go, and how long they are tried and kept. Everything has a default. */
export type WebhookOptions = {
  /**
   * What may be reached although it is not on the public internet: hosts, IP addresses and CIDR blocks, or `true` for
   * everything. Where there is any, `http` addresses are taken as well as `https`. Default `false`.
   */
  allowPrivateAddresses?: boolean | readonly string[]
  /** Turns host names into addresses. Default: the operating system's resolver. */
  resolve?: ResolveHost
  /** Most endpoints of one tenant; default 100. Those of all threads count as one tenant. */
  endpointsPerTenant?: number
  /** How old an event may become before it is given up; default 72. */
  maxAgeHours?: number
  /** An endpoint that failed for so long without answering well once is disabled. Default 5; 0: never. */
  disableAfterDays?: number
  /** How long what was sent, or given up, can be looked at and tried again; default 7. */
  keepDays?: number
  /** Most requests under way at once on this node; default 32. */
  concurrency?: number
}

export type ResolvedWebhookOptions = Required<Omit<WebhookOptions, 'resolve'>> &
  Pick<WebhookOptions, 'resolve'>

export function resolveWebhookOptions(given: WebhookOptions = {}): ResolvedWebhookOptions {
  return {
    ...given,
    allowPrivateAddresses: given.allowPrivateAddresses ?? false,
    endpointsPerTenant: given.endpointsPerTenant ?? 100,
    maxAgeHours: given.maxAgeHours ?? 72,
    disableAfterDays: given.disableAfterDays ?? 5,
    keepDays: given.keepDays ?? 7,
    concurrency: given.concurrency ?? 32,
  }
}
