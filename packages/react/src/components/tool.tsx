import type { ToolItem } from '@parley/threads/client'
import type { Labels } from '../labels.js'
import { Approval } from './approval.js'
import { Json } from './json.js'
import { useThreadSettings } from './thread-context.js'

/** A call of a tool and what came of it. */
export function Tool({ item }: { item: ToolItem }) {
  const { labels } = useThreadSettings()
  const { tool } = item.call
  const state = stateOf(item)
  return (
    <div data-parley-tool={state}>
      <details>
        <summary>
          <span data-parley-tool-name="">{labels.tool(tool.name)}</span>{' '}
          <span data-parley-tool-state="">{labels[state]}</span>
        </summary>
        <h4>{labels.toolArguments}</h4>
        <Json value={tool.arguments} />
        <Outcome item={item} />
      </details>
      <Decision item={item} labels={labels} />
      {item.approval === 'required' && <Approval callId={tool.id} />}
    </div>
  )
}

function Outcome({ item: { result } }: { item: ToolItem }) {
  const { labels } = useThreadSettings()
  if (!result) return null
  const { error } = result.tool
  if (error === null)
    return (
      <>
        <h4>{labels.toolResult}</h4>
        <Json value={result.tool.result} />
      </>
    )
  return (
    <div data-parley-tool-error="">
      <h4>{labels.toolError}</h4>
      {typeof error.message === 'string' ? <p>{error.message}</p> : <Json value={error} />}
    </div>
  )
}

function Decision({ item: { approval, decidedBy, reason }, labels }: { item: ToolItem; labels: Labels }) {
  if (!decidedBy || (approval !== 'approved' && approval !== 'rejected')) return null
  return (
    <p data-parley-decision={approval}>
      {labels.decidedBy(labels[approval], decidedBy.name || decidedBy.id)}
      {reason && <q>{reason}</q>}
    </p>
  )
}

function stateOf({ approval, result }: ToolItem) {
  if (result) return result.tool.error === null ? 'toolDone' : 'toolFailed'
  if (approval === 'required') return 'approvalRequired'
  return approval === 'rejected' || approval === 'withdrawn' ? approval : 'toolRunning'
}
