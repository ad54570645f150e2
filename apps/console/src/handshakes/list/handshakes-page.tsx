import { useState } from 'react'
import { ConnectionBadge } from '../../ui/connection-badge.js'
import { LoadOlder } from '../../ui/load-older.js'
import { Loading } from '../../ui/loading.js'
import { PageHeader } from '../../ui/page-header.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import type { StateFilter } from '../model/api.js'
import { searchHandshakes } from '../model/live-list.js'
import { HandshakeRow } from './handshake-row.js'
import { ListControls } from './list-controls.js'
import { NoHandshakes } from './no-handshakes.js'
import { useHandshakeList } from './use-handshake-list.js'

/** All handshakes that the person may see, live. */
export function HandshakesPage() {
  const [filter, setFilter] = useState<StateFilter>('open')
  const [words, setWords] = useState('')
  const { query, handshakes, connection } = useHandshakeList(filter)
  const found = searchHandshakes(handshakes, words)

  return (
    <>
      <PageHeader title="Handshakes" lead="Pages that were handed to an agent, and how far it has come.">
        <ConnectionBadge connection={connection} />
      </PageHeader>
      <ListControls filter={filter} onFilter={setFilter} words={words} onWords={setWords} />
      {query.error && <ProblemNotice error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Loading rows={4} />}
      {found.length > 0 && (
        <ul aria-label="Handshakes" className="card divide-y divide-line">
          {found.map((handshake) => (
            <HandshakeRow key={handshake.id} handshake={handshake} />
          ))}
        </ul>
      )}
      {query.data && found.length === 0 && <NoHandshakes filter={filter} words={words} />}
      <LoadOlder pages={query}>
        {words && <span className="hint">The search looks at those loaded so far.</span>}
      </LoadOlder>
    </>
  )
}
