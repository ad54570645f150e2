import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { at } from './root.mjs'
import { say, sayFailed, sayPassed, sayStep } from './say.mjs'

const file = at('.cache/tally.json')

/** Counts what passed and failed over all steps of a run, and keeps the count in a file for `.ci/run`. */
export function createTally() {
  const count = { passed: 0, failed: 0 }
  const broken = []
  rmSync(file, { force: true })

  const add = (name, { passed, failed }) => {
    count.passed += passed
    count.failed += failed
    if (failed > 0) broken.push(name)
    mkdirSync(at('.cache'), { recursive: true })
    writeFileSync(file, JSON.stringify(count))
  }

  return {
    /** Runs one step. It counts as one check, or as what it counted itself (`passed`, `failed`). */
    async step(name, work) {
      const began = performance.now()
      sayStep(name)
      const { code, output = '', passed, failed } = await work()
      const counted =
        passed === undefined ? { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 } : { passed, failed }
      if (counted.failed > 0 && output) say(output)
      const report = counted.failed > 0 ? sayFailed : sayPassed
      report(name, performance.now() - began)
      add(name, counted)
    },

    /** Prints what failed and, as the last line, the sums. Sets the exit code. */
    finish() {
      if (broken.length > 0) say(`\nFailed: ${broken.join(', ')}`)
      console.log(`${count.passed} passed, ${count.failed} failed`)
      process.exitCode = count.failed > 0 ? 1 : 0
    },
  }
}
