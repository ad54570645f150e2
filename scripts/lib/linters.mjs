import { run, tool } from './run.mjs'

// OUTSIDE: Biome paints every character on its own when it takes the place for a CI service; a log needs none of it.
const colours = process.stderr.isTTY ? 'force' : 'off'

/** Formatting, import order and Biome's rules. */
export const biome = () =>
  run(tool('biome'), ['ci', `--colors=${colours}`, '--error-on-warnings', '.'], { quiet: true })

/** Rules that need types: floating promises above all. Wants the build's declarations. */
export const oxlint = () => run(tool('oxlint'), ['--type-aware', '--deny-warnings'], { quiet: true })

/** Files, exports and dependencies that nothing uses. */
export const knip = () => run(tool('knip'), ['--no-progress'], { quiet: true })
