// Files that a gateway names by an address on the public internet (contract 9.4).

import { createGuardedFetch, type GuardedAnswer, type ResolveHost } from '@parley/kernel/delivery'
import { relayErrors } from '../../errors.js'
import { limits } from '../../protocol/index.js'
import type { RelayDeps } from '../deps.js'
import { cleanMime, filenameOf } from './names.js'
import { Turns } from './turns.js'

/** A whole file in memory. */
export type SourceFile = { bytes: Uint8Array; mime: string; filename: string }

/** Files that are loaded at the same time, of all tenants and of one. */
const together = { all: 16, each: 4 }

/** Some hosts refuse whoever does not say what it is. */
const headers = { accept: '*/*', 'user-agent': 'Mozilla/5.0 (compatible; Parley)' }

/** Loads files from outside; what is not public is refused, whatever a name or a redirect leads to. */
export class Sources {
  readonly #guard: ReturnType<typeof createGuardedFetch>
  readonly #turns = new Turns(together)

  constructor({ ground, options }: RelayDeps, resolve: ResolveHost | undefined) {
    this.#guard = createGuardedFetch({
      clock: ground.clock,
      allowPrivate: options.allowPrivateAddresses ?? false,
      headersWithinMs: limits.mediaFetchMs,
      withinMs: limits.mediaFetchMs,
      maxBodyBytes: limits.mediaBytes,
      ...(resolve && { resolve }),
    })
  }

  /** Throws a refusal of the kernel's delivery room or of ours; none says what a host resolved to. */
  load(url: string, tenant: string, signal: AbortSignal): Promise<SourceFile> {
    const redirects = limits.mediaRedirects
    return this.#turns.take(tenant, signal, async () =>
      toFile(await this.#guard.fetch(url, { headers, redirects, signal })),
    )
  }

  close(): Promise<void> {
    return this.#guard.close()
  }
}

function toFile({ url, status, headers: answered, body, isTruncated }: GuardedAnswer): SourceFile {
  if (status < 200 || status > 299)
    throw relayErrors.invalidRequest({ message: `source_url answered ${status}` })
  if (isTruncated) throw relayErrors.mediaTooLarge()
  if (body.length === 0) throw relayErrors.emptyMedia()
  const header = (name: string) => [answered[name] ?? ''].flat()[0] ?? ''
  const filename = filenameOf(header('content-disposition'), url)
  return { bytes: body, mime: cleanMime(header('content-type')), filename }
}
