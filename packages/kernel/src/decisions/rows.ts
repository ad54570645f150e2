import type { Micros } from '../ids/index.js'
import { identityKey } from './identity-key.js'
import type { AnsweredDecision, Decision, DecisionState, MayAnswer, OpenDecision } from './port.js'

/** The table as the database sees it: JSON is text, times are microseconds. */
export type DecisionRow = {
  id: string
  stream: string
  kind: string
  question: string
  asker: string
  asker_key: string
  /** `anyone-but-asker`, or a JSON list. */
  may_answer: string
  deadline: number | null
  state: DecisionState
  answer: string | null
  answered_by: string | null
  automatic: number
  answered_at: number | null
  created_at: number
  tenant_key: string | null
}

export function toRow(decision: OpenDecision): DecisionRow {
  const { id, stream, kind, question, asker, mayAnswer, deadline, createdAt, tenantKey } = decision
  return {
    id,
    stream,
    kind,
    question: JSON.stringify(question),
    asker: JSON.stringify(asker),
    asker_key: identityKey(asker),
    may_answer: typeof mayAnswer === 'string' ? mayAnswer : JSON.stringify(mayAnswer),
    deadline,
    state: 'open',
    answer: null,
    answered_by: null,
    automatic: 0,
    answered_at: null,
    created_at: createdAt,
    tenant_key: tenantKey,
  }
}

/** What an answer sets. */
export function toAnswerColumns({ answer, answeredBy, answeredAt, automatic }: AnsweredDecision) {
  return {
    state: 'answered' as const,
    answer: JSON.stringify(answer),
    answered_by: JSON.stringify(answeredBy),
    automatic: automatic ? 1 : 0,
    answered_at: answeredAt,
  }
}

export function fromRow(row: DecisionRow): Decision {
  const asked = {
    id: row.id,
    stream: row.stream,
    kind: row.kind,
    question: JSON.parse(row.question),
    asker: JSON.parse(row.asker),
    mayAnswer: toMayAnswer(row.may_answer),
    deadline: toMicros(row.deadline),
    tenantKey: row.tenant_key,
    createdAt: Number(row.created_at),
  }
  if (row.state !== 'answered') return { ...asked, state: row.state }
  return {
    ...asked,
    state: 'answered',
    answer: JSON.parse(row.answer ?? 'null'),
    answeredBy: JSON.parse(row.answered_by ?? 'null'),
    answeredAt: Number(row.answered_at),
    automatic: Number(row.automatic) === 1,
  }
}

function toMayAnswer(text: string): MayAnswer {
  return text === 'anyone-but-asker' ? text : JSON.parse(text)
}

// OUTSIDE: Postgres's driver hands out bigint columns as text.
function toMicros(value: number | null): Micros | null {
  return value === null ? null : Number(value)
}
