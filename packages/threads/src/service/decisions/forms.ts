// Forms in messages: a pending one asks, one that is submitted or cancelled answers.
import type { Answer, FormSchema } from '@parley/kernel/decisions'
import { threadsErrors } from '../../errors.js'
import { type FormPart, type Identity, isJsonObject } from '../../protocol/index.js'
import type { QuestionRow } from '../../store/port.js'
import { toActor } from '../caller.js'
import type { ThreadsDeps } from '../deps.js'
import { askOps } from './questions.js'
import { answerRefusal, askRefusal, isOver, toRefusal } from './refusals.js'
import { type DecisionSteps, firstRefusal, never } from './steps.js'

/** A message that is about to be stored. */
export type MessageToStore = {
  threadId: string
  /** Its id, given out before: what it asks is found by it. */
  eventId: string
  author: Identity
  content: readonly { readonly type: string }[]
  runId?: string
  /** Seconds from now until its forms expire; absent: never. */
  deadlineSeconds?: number
}

/**
 * What the forms of a message ask and answer. Throws `threads.invalid_request` for a schema that can't be checked and for
 * values that do not fit, and `threads.asker_may_not_answer`.
 */
export async function formSteps(deps: ThreadsDeps, message: MessageToStore): Promise<DecisionSteps> {
  const steps: DecisionSteps[] = []
  const taken = new Set<string>()
  const takeOnce = (key: string, where: string) => {
    if (taken.has(key))
      throw threadsErrors.invalidRequest({ message: `${where} is used twice in this message` })
    taken.add(key)
  }
  for (const [index, part] of message.content.entries()) {
    if (part.type !== 'form') continue
    // The cast: content is read by the schema of parts; what handlers make of it is their own affair.
    const form = part as FormPart
    const where = `content[${index}]`
    if (form.status === 'pending') {
      takeOnce(`ask ${form.form_id}`, `${where}.form_id`)
      steps.push(askStep(deps, message, form, `${where}.schema`))
      continue
    }
    const question = await findForm(deps, message.threadId, form)
    if (!question) continue
    takeOnce(`answer ${question.decisionId}`, `${where}.answers_event_id`)
    steps.push(await answerStep(deps, message, { form, question, where: `${where}.values` }))
  }
  return { ops: steps.flatMap(({ ops }) => ops), refusal: () => firstRefusal(steps) }
}

// Cancelling needs no values, so that a form with required ones can be cancelled, too.
const options = [{ id: 'cancel', label: 'Cancel' }]

function askStep(deps: ThreadsDeps, message: MessageToStore, form: FormPart, where: string): DecisionSteps {
  const { threadId, eventId, author, runId = null, deadlineSeconds } = message
  const question = { options, form: toFormSchema(form.schema) }
  const ask = { threadId, eventId, kind: 'form', subjectId: form.form_id, runId, author, question } as const
  try {
    const ops = askOps(deps, { ...ask, ...(deadlineSeconds !== undefined && { deadlineSeconds }) })
    return { ops, refusal: () => askRefusal(deps, threadId) }
  } catch (error) {
    throw toRefusal(error, where)
  }
}

/** Values are always an object: a schema that allows others beside it is one for objects. */
function toFormSchema(schema: FormSchema): FormSchema {
  const allowsObject = isJsonObject(schema) && Array.isArray(schema.type) && schema.type.includes('object')
  return allowsObject ? { ...schema, type: 'object' } : schema
}

type FormAnswered = { form: FormPart; question: QuestionRow; where: string }

async function answerStep(
  deps: ThreadsDeps,
  { author }: MessageToStore,
  { form, question, where }: FormAnswered,
): Promise<DecisionSteps> {
  const answer: Answer = form.status === 'cancelled' ? { option: 'cancel' } : { values: form.values ?? {} }
  const refusal = () => answerRefusal(deps, question)
  try {
    const decision = await deps.decisions.get(question.decisionId)
    return { ops: deps.decisions.answerOps(decision, { answer, by: toActor(author) }), refusal }
  } catch (error) {
    if (!isOver(error)) throw toRefusal(error, where)
    // Not thrown: when this message is a retry of the one that answered, the log knows its key.
    return { ops: [never], refusal }
  }
}

/** The question that a part answers; a part that answers nothing asked here is one like any other. */
async function findForm(
  { store }: ThreadsDeps,
  threadId: string,
  { form_id, answers_event_id }: FormPart,
): Promise<QuestionRow | undefined> {
  if (!answers_event_id) return undefined
  const questions = await store.findQuestions(threadId, answers_event_id)
  return questions.find(({ kind, subjectId }) => kind === 'form' && subjectId === form_id)
}
