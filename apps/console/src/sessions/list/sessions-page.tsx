import { useId, useState } from 'react'
import { ConnectionBadge } from '../../ui/connection-badge.js'
import { Loading } from '../../ui/loading.js'
import { PageHeader } from '../../ui/page-header.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { NewSessionButton } from '../create/new-session.js'
import { groupSessions, type ListedSession, matches } from '../model/session-list.js'
import { NoSessions } from './no-sessions.js'
import { SessionGroupList } from './session-group.js'
import { useSessionList } from './use-session-list.js'
import '../../styles/sessions/index.css'

/** Shorter lists need no search. */
const searchFrom = 8

/** All sessions; what needs somebody is on top. */
export function SessionsPage() {
  const { query, connection } = useSessionList()
  const [words, setWords] = useState('')
  const all = query.data ?? []
  const shown = words.trim() === '' ? all : all.filter((one) => matches(one, words))
  return (
    <>
      <PageHeader title="Sessions" lead="Coding agents at work. What waits for an answer comes first.">
        <div className="flex items-center gap-3">
          <ConnectionBadge connection={connection} />
          <NewSessionButton />
        </div>
      </PageHeader>
      {query.error && <ProblemNotice error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Loading rows={4} />}
      {all.length >= searchFrom && <Search words={words} onChange={setWords} />}
      {query.data && all.length === 0 && <NoSessions />}
      <Groups sessions={shown} />
      {all.length > 0 && shown.length === 0 && (
        <p className="py-8 text-center text-soft">No session is called that.</p>
      )}
    </>
  )
}

function Groups({ sessions }: { sessions: readonly ListedSession[] }) {
  return (
    <div className="flex flex-col gap-6">
      {groupSessions(sessions).map((group) => (
        <SessionGroupList key={group.state} group={group} />
      ))}
    </div>
  )
}

function Search({ words, onChange }: { words: string; onChange: (words: string) => void }) {
  const id = useId()
  return (
    <div className="mb-5">
      <label htmlFor={id} className="sr-only">
        Search sessions
      </label>
      <input
        id={id}
        type="search"
        className="input max-w-sm"
        placeholder="Title, agent or directory"
        value={words}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  )
}
