import { words } from './words/index.js'

const head = `parley-demo-agent: a scripted coding agent that speaks the Agent Client Protocol (v1) on stdin and stdout.

Options
  --load             remember sessions and offer session/load (needs --state)
  --resume           remember sessions and offer session/resume (needs --state)
  --state DIR        where sessions are remembered
  --slow-start MS    answer initialize after so many milliseconds
  --fail-start TEXT  write TEXT to stderr and exit with code 1
  --modes            offer the modes "ask" and "code"
  --models           offer the models "small" and "large"

The first word of a prompt says what happens:
`

/** What `--help` prints. */
export function helpText(): string {
  return `${head}${wordLines('  ')}\n  Anything else is answered with a short text.\n`
}

/** One line for each word. */
function wordLines(indent: string): string {
  return [...words]
    .map(([name, { takes, does }]) => `${indent}${[name, takes].join(' ').padEnd(26)} ${does}`)
    .join('\n')
}
