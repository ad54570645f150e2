import { Code } from '@parley/react'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { BackIcon } from '../../../../ui/icons.js'
import { Loading } from '../../../../ui/loading.js'
import { ProblemNotice } from '../../../../ui/problem-notice.js'
import { Segments } from '../../../../ui/segments.js'
import type { ChangedFile } from '../../../model/git-status.js'
import { parsePatch } from '../../../model/patch.js'
import { languageOf } from '../../../model/paths.js'
import { DiffView } from '../../diff-view.js'
import { useFile, useGitPatch } from '../use-workspace.js'
import { Letter } from './tree.js'

type FileViewProps = {
  id: string
  path: string
  /** To be in view, from 1. */
  line: number | undefined
  changed: ChangedFile | undefined
  onBack: () => void
}

type Side = 'file' | 'changes'

/** One file: as it is, or what is changed of it. */
export function FileView({ id, path, line, changed, onBack }: FileViewProps) {
  const [side, setSide] = useState<Side>('file')
  const hasChanges = changed !== undefined && changed.letter !== '?'
  return (
    <>
      <header className="pane-head">
        <button
          type="button"
          className="btn btn-quiet btn-icon"
          aria-label="Back to the files"
          onClick={onBack}
        >
          <BackIcon />
        </button>
        <h2 className="path-end min-w-0 flex-1 font-mono text-xs font-normal" title={path}>
          <bdi>{path}</bdi>
        </h2>
        {changed && <Letter letter={changed.letter} />}
        {hasChanges && <Segments legend="What to show" options={sides} value={side} onChange={setSide} />}
      </header>
      {side === 'changes' && hasChanges ? (
        <FileChanges id={id} path={changed.path} />
      ) : (
        <FileContent id={id} path={path} line={line} />
      )}
    </>
  )
}

const sides: readonly { value: Side; label: string }[] = [
  { value: 'file', label: 'File' },
  { value: 'changes', label: 'Changes' },
]

function FileContent({ id, path, line }: { id: string; path: string; line: number | undefined }) {
  const { data, error, refetch } = useFile(id, path)
  const sheet = useRef<HTMLDivElement>(null)
  const content = data?.content
  useEffect(() => {
    if (line === undefined || content === undefined) return
    sheet.current?.querySelector(`[data-line="${line}"]`)?.scrollIntoView({ block: 'center' })
  }, [line, content])
  if (error) return <ProblemNotice error={error} retry={() => void refetch()} />
  if (!data) return <Loading rows={4} />
  if (data.content === '')
    return <p className="hint px-2 py-3">Empty, or nothing that can be read as text.</p>
  const text = data.content.replace(/\n$/, '')
  const language = languageOf(path)
  return (
    <>
      <div ref={sheet} className="file-sheet" data-testid="preview">
        <pre aria-hidden="true" className="file-numbers">
          {text.split('\n').map((_, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: they are numbers
            <span key={at} data-line={at + 1} data-wanted={line === at + 1 || undefined}>
              {at + 1}
              {'\n'}
            </span>
          ))}
        </pre>
        <Code code={text} {...(language && { language })} />
      </div>
      {data.truncated && (
        <p className="hint px-2 py-2">Only the first {data.maxChars.toLocaleString()} characters.</p>
      )}
    </>
  )
}

function FileChanges({ id, path }: { id: string; path: string }): ReactNode {
  const { data, error } = useGitPatch(id)
  const rows = useMemo(
    () => parsePatch(data?.patch ?? '').flatMap((file) => (file.path === path ? file.rows : [])),
    [data, path],
  )
  if (error) return <ProblemNotice error={error} />
  if (!data) return <Loading rows={3} />
  return <DiffView rows={rows} />
}
