export { createDecisions, type DecisionsOptions } from './decisions.js'
export { decisionErrors } from './errors.js'
export {
  type FormProblem,
  type FormSchema,
  formProblems,
  maxFormProblems,
  maxListItems,
  schemaProblems,
} from './form-schema.js'
export { identityKey } from './identity-key.js'
export { type DecisionLimits, defaultDecisionLimits } from './limits.js'
export type {
  Answer,
  AnsweredDecision,
  Decision,
  DecisionDraft,
  DecisionHandler,
  DecisionId,
  DecisionQuery,
  DecisionState,
  Decisions,
  ExpiredDecision,
  GivenAnswer,
  MayAnswer,
  OpenDecision,
  Option,
  Question,
  SettledDecision,
  ToDrafts,
  WithdrawnDecision,
} from './port.js'
