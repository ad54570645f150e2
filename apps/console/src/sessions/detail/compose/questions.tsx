import { SessionsClientError, type TimelineItem, type ToolItem } from '@parley/sessions/client'
import type { PendingPermission, PermissionResponseBody } from '@parley/sessions/protocol'
import { useMutation } from '@tanstack/react-query'
import { useId } from 'react'
import { asProblem } from '../../client/problems.js'
import { useLive } from '../session-context.js'
import { diffsOf, ToolPieces } from '../timeline/tool.js'

type QuestionsProps = {
  questions: readonly PendingPermission[]
  timeline: readonly TimelineItem[]
}

/** Everything the agent waits for, oldest first. They may be answered in any order, by anybody. */
export function Questions({ questions, timeline }: QuestionsProps) {
  return (
    <div aria-live="polite" className="questions" data-count={questions.length}>
      {questions.length > 1 && <p className="hint px-1">{questions.length} questions wait for an answer.</p>}
      {questions.map((question) => (
        <Question key={question.requestId} question={question} tool={toolOf(question, timeline)} />
      ))}
    </div>
  )
}

function toolOf({ toolCallId }: PendingPermission, timeline: readonly TimelineItem[]): ToolItem | undefined {
  const found = timeline.findLast((item) => item.kind === 'tool' && item.toolCallId === toolCallId)
  return found?.kind === 'tool' ? found : undefined
}

type QuestionProps = { question: PendingPermission; tool: ToolItem | undefined }

function Question({ question, tool }: QuestionProps) {
  const { requestId, title, kind, options } = question
  const live = useLive()
  const id = useId()
  const answer = useMutation({
    mutationFn: (body: PermissionResponseBody) => live.respond(requestId, body),
  })
  return (
    <section aria-labelledby={id} className="question" data-testid="question" data-request={requestId}>
      <h3 id={id} className="min-w-0 font-medium [overflow-wrap:anywhere]">
        {title}
        {kind && <span className="badge ml-2 align-[0.0625rem]">{kind}</span>}
      </h3>
      {tool && <Preview tool={tool} />}
      <div className="flex flex-wrap gap-2">
        {options.map(({ optionId, name, kind: sort }) => (
          <button
            key={optionId}
            type="button"
            className={`btn ${looks[sort] ?? ''}`}
            disabled={answer.isPending}
            onClick={() => answer.mutate({ optionId })}
          >
            {name}
          </button>
        ))}
        {options.length === 0 && (
          <button
            type="button"
            className="btn"
            disabled={answer.isPending}
            onClick={() => answer.mutate({ outcome: 'cancelled' })}
          >
            Withdraw
          </button>
        )}
      </div>
      {answer.error && (
        <p role="alert" className="text-[0.8125rem] text-danger">
          {wordsOf(answer.error)}
        </p>
      )}
    </section>
  )
}

/** What would be done. */
function Preview({ tool }: { tool: ToolItem }) {
  const { content, rawInput } = tool
  if (content.length === 0 && rawInput === undefined) return null
  return (
    <div className="question-preview">
      <ToolPieces item={tool} diffs={diffsOf(content)} />
    </div>
  )
}

function wordsOf(error: unknown): string {
  if (error instanceof SessionsClientError && error.code === 'not_found')
    return 'Somebody else has answered this already.'
  const problem = asProblem(error)
  return problem instanceof Error ? problem.message : 'It could not be answered.'
}

const looks: Readonly<Record<string, string>> = {
  allow_once: 'btn-primary',
  reject_once: 'btn-danger-quiet',
  reject_always: 'btn-danger-quiet',
}
