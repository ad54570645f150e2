const maxKept = 10_000

/**
 * Which hosts were told off for which sessions of others. WHY: a host sends what was not acknowledged again, so that the same
 * event would close every link it ever has; what it was told once is dropped the second time.
 */
export class Refusals {
  readonly #told = new Set<string>()

  /** True when the host is to be told; false when it was. */
  isFirst(hostId: string, sessionId: string): boolean {
    const key = JSON.stringify([hostId, sessionId])
    if (this.#told.has(key)) return false
    if (this.#told.size >= maxKept) this.#told.clear()
    this.#told.add(key)
    return true
  }
}
