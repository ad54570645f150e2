import { AssertionError } from 'node:assert'
import type { Check, Kind } from './check.js'
import { type Findings, openContext, type Targets } from './context.js'
import { clip, NotApplicable } from './expect.js'

export type Status = 'green' | 'red' | 'n/a'

export interface Result {
  id: string
  feature: string
  kind: Kind
  title: string
  status: Status
  /** Why it is red or not applicable; empty when green. */
  detail: string
}

export interface Report {
  url: string
  results: Result[]
  totals: Record<Status, number>
}

export interface RunOptions extends Targets {
  /** Ids or features, for example `H-05.3` or `H-05`; others are left out of the report. */
  only?: readonly string[]
  kind?: Kind
  /** Leave out checks that depend on the wall clock. Default false. */
  skipTiming?: boolean
  /** Checks at the same time. Default 4. */
  parallel?: number
  /** Told each result as it is known. */
  onResult?(result: Result): void
}

const deadlineMs = 90_000

/** Runs checks against a server and reports in the order of the checks. Never rejects because of a red one. */
export async function runAll(checks: readonly Check[], options: RunOptions): Promise<Report> {
  const wanted = checks.filter((check) => isWanted(check, options))
  const findings: Findings = {}
  const results: Result[] = []
  let next = 0
  const worker = async () => {
    for (let index = next++; index < wanted.length; index = next++) {
      const result = await runOne(wanted[index]!, options, findings)
      results[index] = result
      options.onResult?.(result)
    }
  }
  await Promise.all(Array.from({ length: options.parallel ?? 4 }, worker))
  return { url: options.url, results, totals: count(results) }
}

/** Runs one check. `findings` is shared by the checks of one run. */
export async function runOne(check: Check, targets: Targets, findings: Findings = {}): Promise<Result> {
  const { url, short, second } = targets
  const { context, close } = openContext({ url, short, second }, findings)
  const { id, feature, kind, title } = check
  try {
    await withinDeadline(check.run(context))
    return { id, feature, kind, title, status: 'green', detail: '' }
  } catch (error) {
    const status = error instanceof NotApplicable ? 'n/a' : 'red'
    return { id, feature, kind, title, status, detail: detailOf(error) }
  } finally {
    close()
  }
}

function isWanted(check: Check, { only, kind, skipTiming }: RunOptions): boolean {
  if (skipTiming && check.timing) return false
  if (kind && check.kind !== kind) return false
  return !only?.length || only.includes(check.id) || only.includes(check.feature)
}

async function withinDeadline(run: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end within ${deadlineMs / 1000} s`)), deadlineMs)
  })
  try {
    await Promise.race([run, late])
  } finally {
    clearTimeout(timer)
  }
}

function detailOf(error: unknown): string {
  if (error instanceof AssertionError || error instanceof NotApplicable) return clip(error.message, 800)
  return error instanceof Error ? clip(`${error.name}: ${error.message}`, 800) : String(error)
}

function count(results: readonly Result[]): Record<Status, number> {
  const totals: Record<Status, number> = { green: 0, red: 0, 'n/a': 0 }
  for (const { status } of results) totals[status]++
  return totals
}
