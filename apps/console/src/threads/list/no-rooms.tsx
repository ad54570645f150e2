import { EmptyState } from '../../ui/empty-state.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { useDemoAssistants } from '../model/assistants.js'
import { useCreateRoom } from './use-create-room.js'

/** Why the list is empty, and the way to a first room: one in which somebody answers at once. */
export function NoRooms({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered)
    return (
      <EmptyState title="No rooms of this tenant.">Choose another one, or make a room for it.</EmptyState>
    )
  return (
    <EmptyState title="No rooms yet.">
      <p>
        A room is a conversation of several people and several assistants. Everything said in it is kept in
        order, so that nobody who was away misses anything.
      </p>
      <TryRoom />
    </EmptyState>
  )
}

function TryRoom() {
  const create = useCreateRoom()
  const guide = useDemoAssistants().find(({ id }) => id === 'guide')
  if (!guide) return <p className="mt-3">Make one with “New room”, and invite whom you like.</p>
  const open = () =>
    create.mutate({ title: 'Tour', tenant: {}, assistants: [guide], people: [], firstWords: 'help' })
  return (
    <>
      <p className="mt-4">
        <button type="button" className="btn btn-primary" disabled={create.isPending} onClick={open}>
          Open a room with the guide
        </button>
      </p>
      <p className="hint mt-2.5">It is scripted: no model, no account, and it answers at once.</p>
      {create.error && (
        <div className="mt-4 text-left">
          <ProblemNotice error={create.error} />
        </div>
      )}
    </>
  )
}
