export type { CommitGroup, Journal } from './journal.js'
export { defaultLogLimits, type LogLimits } from './limits.js'
export { createLog, type LogOptions, type LogStats, type ObservedLog } from './log.js'
export {
  type Append,
  type Appended,
  type CaughtUp,
  type Draft,
  type FollowItem,
  type FollowOptions,
  type Gone,
  type HistoryGone,
  isMark,
  type Log,
  type Page,
  RawJson,
  rawJson,
  type Signal,
  type StoredEvent,
  type Tap,
  type Unit,
  type UnitResult,
} from './port.js'
export { type PostgresJournalOptions, postgresJournal } from './postgres/journal.js'
export { splitJournal } from './split-journal.js'
export { type SqliteJournalOptions, sqliteJournal } from './sqlite/journal.js'
