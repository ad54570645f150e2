/** Says on stderr why a service is missing, so that a skipped test has its reason printed. */
export function noService(service: string, reason: string): undefined {
  process.stderr.write(`No ${service} for tests: ${reason}.\n`)
  return undefined
}
