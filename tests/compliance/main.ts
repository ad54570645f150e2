import { parseArgs } from 'node:util'
import { type Kind, runChecks, toTable } from './index.js'

const usage = `Usage: compliance --base URL [--short URL] [--second URL] [--only H-05,H-13.2]
                  [--kind base|hardening] [--no-timing] [--json]`

/** Exit codes: 0 nothing red, 1 something red, 2 bad usage. */
async function main(): Promise<number> {
  const flags = readFlags()
  if (!flags) {
    console.error(usage)
    return 2
  }
  const report = await runChecks(flags)
  console.log(flags.json ? JSON.stringify(report, null, 2) : toTable(report))
  return report.totals.red > 0 ? 1 : 0
}

function readFlags() {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  try {
    const { values } = parseArgs({
      options: {
        base: text,
        short: text,
        second: text,
        only: text,
        kind: text,
        json: flag,
        'no-timing': flag,
      },
    })
    if (!values.base || !isKind(values.kind)) return undefined
    const { base: url, short, second, kind, json } = values
    return { url, short, second, kind, json, only: values.only?.split(','), skipTiming: values['no-timing'] }
  } catch {
    return undefined
  }
}

function isKind(text: string | undefined): text is Kind | undefined {
  return text === undefined || text === 'base' || text === 'hardening'
}

process.exitCode = await main()
