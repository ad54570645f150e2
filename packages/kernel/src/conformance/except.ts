import { it } from 'vitest'

/** Registers a case; a case that an implementation cannot pass is shown as skipped, with the reason in its name. */
export function casesWith<Name extends string>(except: Partial<Record<Name, string>> = {}) {
  return (name: Name, run: () => Promise<void>): void => {
    const reason = except[name]
    if (reason === undefined) it(name, run)
    else it.skip(`${name} (except: ${reason})`, run)
  }
}
