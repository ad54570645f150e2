import { Problem } from '../api/problem.js'

/** Says what went wrong and offers another try where one can help. */
export function ProblemNotice({ error, retry }: { error: unknown; retry?: () => void }) {
  const problem = error instanceof Problem ? error : null
  return (
    <div role="alert" className="notice notice-danger flex flex-wrap items-center justify-between gap-3">
      <div className="min-w-0">
        <p className="font-medium whitespace-pre-line [overflow-wrap:anywhere]">
          {problem?.message ?? 'Something went wrong in this page.'}
        </p>
        {problem && problem.status > 0 && (
          <p className="hint mt-0.5 break-all">
            {problem.code}
            {problem.requestId && ` · request ${problem.requestId}`}
          </p>
        )}
      </div>
      {retry && (
        <button type="button" className="btn" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  )
}
