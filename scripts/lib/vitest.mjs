import { existsSync, readFileSync, rmSync } from 'node:fs'
import { at } from './root.mjs'
import { runNode } from './run.mjs'
import { say } from './say.mjs'

const report = at('.cache/vitest.json')

/** Runs Vitest with live output. Answers its exit code and how many tests passed and failed. */
export async function vitest(args = [], env = {}) {
  rmSync(report, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const { code } = await runNode([at('node_modules/vitest/vitest.mjs'), 'run', ...reporters, ...args], {
    env,
  })
  sayFailures()
  return { code, ...countTests(code) }
}

/** Names what failed once more, at the end: whoever sees only the last lines of a long run should see why. */
function sayFailures() {
  if (!existsSync(report)) return
  for (const { name, message, assertionResults } of JSON.parse(readFileSync(report, 'utf8')).testResults) {
    if (message) say(`\n✗ ${name}\n${message.slice(0, 2_000)}`)
    for (const { status, fullName, failureMessages } of assertionResults)
      if (status === 'failed') say(`\n✗ ${name} > ${fullName}\n${failureMessages.join('\n').slice(0, 2_000)}`)
  }
}

function countTests(code) {
  if (!existsSync(report)) return { passed: 0, failed: 1 }
  const { numPassedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'))
  const failed = testResults.reduce((sum, file) => sum + failuresOf(file), 0)
  // A rejection nobody handled or a crashed worker fails the run without failing a test.
  return { passed: numPassedTests, failed: code !== 0 && failed === 0 ? 1 : failed }
}

/** Failed tests of one file; a file that could not be loaded, or whose hooks failed, counts as one. */
function failuresOf({ status, assertionResults }) {
  const failed = assertionResults.filter((test) => test.status === 'failed').length
  return status === 'failed' ? Math.max(failed, 1) : failed
}
