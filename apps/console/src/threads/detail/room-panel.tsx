import { Members } from './members.js'
import { RoomDetails } from './room-details.js'
import type { RoomView } from './room-view.js'
import { Runs } from './runs.js'

/** Who is in the room, what runs in it, and what it is. */
export function RoomPanel({ view }: { view: RoomView }) {
  return (
    <div className="flex flex-col gap-4">
      <Members view={view} />
      <Runs view={view} />
      <RoomDetails view={view} />
    </div>
  )
}
