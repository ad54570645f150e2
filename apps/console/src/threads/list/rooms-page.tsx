import { useState } from 'react'
import { LoadOlder } from '../../ui/load-older.js'
import { Loading } from '../../ui/loading.js'
import { PageHeader } from '../../ui/page-header.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { type Tenant, tenantEntries } from '../model/tenant.js'
import { NewRoomButton } from './new-room.js'
import { NoRooms } from './no-rooms.js'
import { RoomRow } from './room-row.js'
import { TenantFilter } from './tenant-filter.js'
import { useRooms, useTenants } from './use-rooms.js'

/** All rooms of all tenants, newest first. */
export function RoomsPage() {
  const [tenant, setTenant] = useState<Tenant>({})
  const tenants = useTenants()
  const { query, rooms } = useRooms(tenant)
  return (
    <>
      <PageHeader
        title="Rooms"
        lead="Where people and assistants talk: every room of every tenant, newest first."
      >
        <NewRoomButton tenant={tenant} />
      </PageHeader>
      <TenantFilter tenants={tenants.data ?? []} chosen={tenant} onChoose={setTenant} />
      {query.error && <ProblemNotice error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Loading rows={4} />}
      {rooms.length > 0 && (
        <ul aria-label="Rooms" className="card divide-y divide-line">
          {rooms.map((room) => (
            <RoomRow key={room.id} room={room} />
          ))}
        </ul>
      )}
      {query.data && rooms.length === 0 && <NoRooms isFiltered={tenantEntries(tenant).length > 0} />}
      <LoadOlder pages={query} />
    </>
  )
}
