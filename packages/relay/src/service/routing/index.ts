export { type Decision, decide, type Receiver } from './decide.js'
export { isSameInstance, type Meant, type Outcome, type Reason } from './facts.js'

export { inTime } from './in-time.js'
export { askView } from './load-facts.js'
