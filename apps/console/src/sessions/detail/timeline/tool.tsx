import type { ToolContent, ToolItem } from '@parley/sessions/client'
import { memo, useMemo } from 'react'
import { ChevronIcon } from '../../../ui/icons.js'
import { countChanges, type DiffRow, diffTexts } from '../../model/diff.js'
import { DiffView } from '../diff-view.js'
import { useAgentTerminals } from '../session-context.js'
import { Block } from './blocks.js'
import { TerminalOutput } from './terminal-output.js'

/** Changes of up to so many rows are open from the start. */
const smallDiff = 24

/** A call of a tool: what it is, how far it is, and what came of it. */
export const ToolEntry = memo(function ToolEntry({ item }: { item: ToolItem }) {
  const { title, status, content, toolKind, rawInput, rawOutput } = item
  const diffs = useMemo(() => diffsOf(content), [content])
  const rows = diffs.reduce((sum, diff) => sum + diff.rows.length, 0)
  const hasMore = content.length > 0 || rawInput !== undefined || rawOutput !== undefined
  const head = (
    <>
      <span aria-hidden="true" className="tool-mark" />
      <span className="min-w-0 truncate" title={title}>
        {title || toolKind}
      </span>
      <Changes diffs={diffs} />
      <span className="tool-status">{words[status]}</span>
    </>
  )
  if (!hasMore)
    return (
      <p className="entry-tool tool-head" data-status={status} data-kind={toolKind}>
        {head}
      </p>
    )
  const isShown = (rows > 0 && rows <= smallDiff) || content.some(({ type }) => type === 'terminal')
  return (
    <details className="entry-tool" data-status={status} data-kind={toolKind} open={isShown}>
      <summary className="tool-head">
        {head}
        <span className="tool-chevron">
          <ChevronIcon />
        </span>
      </summary>
      <div className="tool-body">
        <ToolPieces item={item} diffs={diffs} />
      </div>
    </details>
  )
})

type Diff = { path: string; isNew: boolean; rows: readonly DiffRow[] }

/** What a tool shows; with what it was called with, when it shows nothing. */
export function ToolPieces({ item, diffs }: { item: ToolItem; diffs: readonly Diff[] }) {
  const { content, rawInput, rawOutput } = item
  return (
    <>
      {diffs.map((diff) => (
        <DiffView key={diff.path} path={diff.path} isNew={diff.isNew} rows={diff.rows} />
      ))}
      {content.map((piece, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the content of a call comes whole
        <Piece key={at} piece={piece} />
      ))}
      {content.length === 0 && rawInput !== undefined && <Raw name="Called with" value={rawInput} />}
      {content.length === 0 && rawOutput !== undefined && <Raw name="Answered" value={rawOutput} />}
    </>
  )
}

export function diffsOf(content: readonly ToolContent[]): Diff[] {
  return content.flatMap((piece) => {
    if (piece.type !== 'diff') return []
    const { path, oldText, newText } = piece
    return [{ path, isNew: oldText === null, rows: diffTexts(oldText, newText) }]
  })
}

function Piece({ piece }: { piece: ToolContent }) {
  const terminals = useAgentTerminals()
  if (piece.type === 'diff') return null
  if (piece.type === 'content')
    return (
      <div className="tool-text">
        <Block block={piece.block} />
      </div>
    )
  const terminal = terminals.find(({ terminalId }) => terminalId === piece.terminalId)
  return terminal ? <TerminalOutput terminal={terminal} /> : null
}

function Changes({ diffs }: { diffs: readonly Diff[] }) {
  if (diffs.length === 0) return null
  const { added, removed } = countChanges(diffs.flatMap(({ rows }) => rows))
  return (
    <span className="shrink-0 font-mono text-xs tabular-nums">
      {added > 0 && <span className="text-accent">+{added}</span>}{' '}
      {removed > 0 && <span className="text-danger">−{removed}</span>}
    </span>
  )
}

const longest = 10_000

function Raw({ name, value }: { name: string; value: unknown }) {
  const text = typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '')
  return (
    <div>
      <p className="hint mb-1">{name}</p>
      <pre className="code-block max-h-64 text-xs">
        {text.length > longest ? `${text.slice(0, longest)} …` : text}
      </pre>
    </div>
  )
}

const words = {
  pending: 'Waiting',
  in_progress: 'Running',
  completed: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
}
