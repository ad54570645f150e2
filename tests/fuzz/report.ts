/** What a fuzzer found. */
export interface FuzzReport {
  /** Number of inputs by outcome: an HTTP status, or what became of a socket. */
  outcomes: Record<string, number>
  /** What must not happen: each reason once, with the first input that did it and how often it came. At most 20. */
  failures: Failure[]
}

export interface Failure {
  reason: string
  input: string
  times: number
}

/** A fuzzer that has found so much stops. */
export const mostFailures = 20

export function count({ outcomes }: FuzzReport, outcome: string): void {
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
}

/** Runs something that may find a failure; `what` names the input. */
export async function note(report: FuzzReport, what: string, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    fail(report, error instanceof Error ? error.message : String(error), what)
  }
}

/** Ids and other numbers in a message would make every failure a new one. */
export function fail({ failures }: FuzzReport, message: string, input: string): void {
  const reason = message.replaceAll(/[0-9a-f]{8,}/g, '…')
  const known = failures.find((failure) => failure.reason === reason)
  if (known) known.times++
  else failures.push({ reason, input, times: 1 })
}
