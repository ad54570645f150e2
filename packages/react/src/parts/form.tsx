import type { MessageItem } from '@parley/threads/client'
import type { FormPart } from '@parley/threads/protocol'
import { type FormProps, useThreadSettings } from '../components/thread-context.js'
import { FormValues } from '../form/form-values.js'
import { OpenForm } from '../form/open-form.js'

/** A form: open, answered with what was answered by whom, or itself an answer. */
export function Form({ part, item }: FormProps) {
  const { labels } = useThreadSettings()
  return (
    <section data-parley-form-part={part.status} aria-label={part.title || labels.form}>
      {part.title && <h4>{part.title}</h4>}
      {part.description && <p>{part.description}</p>}
      {part.status === 'pending' ? <Asked part={part} item={item} /> : <Answer part={part} asked={part} />}
    </section>
  )
}

function Asked({ part, item }: FormProps) {
  const { labels, identityId } = useThreadSettings()
  const answer = item && answerTo(part, item)
  if (answer) return <Answer part={answer.part} asked={part} by={answer.by} />
  // Whoever asks cannot be the one who answers.
  if (!item || item.event.author.id === identityId)
    return <p data-parley-waiting="">{labels.waitingForAnswer}</p>
  return <OpenForm part={part} item={item} />
}

function answerTo({ form_id }: FormPart, item: MessageItem): { part: FormPart; by: string } | undefined {
  // Own members only: a form may be called `constructor`.
  const event = Object.hasOwn(item.answers, form_id) ? item.answers[form_id] : undefined
  const part = event?.content.find((one): one is FormPart => one.type === 'form' && one.form_id === form_id)
  return event && part && { part, by: event.author.name || event.author.id }
}

function Answer({ part, asked, by }: { part: FormPart; asked: FormPart; by?: string }) {
  const { labels } = useThreadSettings()
  const isCancelled = part.status === 'cancelled'
  return (
    <div data-parley-form={part.status}>
      <p>{isCancelled ? cancelledWords(labels, by) : submittedWords(labels, by)}</p>
      {!isCancelled && <FormValues schema={asked.schema} values={part.values} />}
    </div>
  )
}

type Words = ReturnType<typeof useThreadSettings>['labels']

const submittedWords = (labels: Words, by: string | undefined): string =>
  by === undefined ? labels.formSubmitted : labels.answeredBy(by)

const cancelledWords = (labels: Words, by: string | undefined): string =>
  by === undefined ? labels.formCancelled : labels.cancelledBy(by)
