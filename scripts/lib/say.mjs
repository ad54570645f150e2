// Progress goes to standard error, so that what a command prints (`npm run parley -- config`) can be piped.

const colour = process.stderr.isTTY && !process.env.NO_COLOR
const paint = (code, text) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text)

export const say = (text) => process.stderr.write(`${text}\n`)
export const sayStep = (name) => say(`${paint('36', '▸')} ${name}`)
export const sayPassed = (name, ms) => say(`${paint('32', '✓')} ${name} ${paint('2', seconds(ms))}`)
export const sayFailed = (name, ms) => say(`${paint('31', '✗')} ${name} ${paint('2', seconds(ms))}`)

const seconds = (ms) => `(${(ms / 1000).toFixed(1)} s)`
