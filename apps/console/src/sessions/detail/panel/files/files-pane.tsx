import type { Session } from '@parley/sessions/protocol'
import { useState } from 'react'
import { useChanged, useFolder } from '../use-workspace.js'
import { FileView } from './file-view.js'
import { SearchField, SearchResults } from './search.js'
import { Tree } from './tree.js'

type FilesPaneProps = {
  session: Session
  /** From the session's directory. */
  file: string | undefined
  onFile: (path: string | undefined) => void
}

/** The session's directory: a tree, one file of it, or what is found in it. */
export function FilesPane({ session, file, onFile }: FilesPaneProps) {
  const { id } = session
  const [words, setWords] = useState('')
  const [kind, setKind] = useState<'name' | 'text'>('name')
  const [line, setLine] = useState<number | undefined>(undefined)
  const [showAll, setShowAll] = useState(false)
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set())
  const top = useFolder(id, '', showAll)
  const cwd = top.data?.root ?? session.cwd
  const changed = useChanged(id, cwd, top.data?.gitPath)
  const open = (path: string, at?: number) => {
    setLine(at)
    onFile(path)
  }
  if (file !== undefined)
    return (
      <FileView
        key={file}
        id={id}
        path={file}
        line={line}
        changed={changed.get(file)}
        onBack={() => onFile(undefined)}
      />
    )
  return (
    <>
      <SearchField words={words} kind={kind} onWords={setWords} onKind={setKind} />
      {words.trim() === '' ? (
        <Tree
          id={id}
          top={top}
          changed={changed}
          showAll={showAll}
          onShowAll={setShowAll}
          expanded={expanded}
          onExpanded={setExpanded}
          onOpen={open}
        />
      ) : (
        <SearchResults id={id} words={words.trim()} kind={kind} onOpen={open} />
      )}
    </>
  )
}
