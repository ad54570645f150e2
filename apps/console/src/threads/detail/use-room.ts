import { Run, Thread, ThreadMember } from '@parley/threads/protocol'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { readList, readObject } from '../../api/read.js'
import { readRoom } from '../model/api.js'

/** A room as its operator reads it, a member or not: `runs` are the newest, at most 20. */
export type RoomDetail = {
  readonly thread: Thread
  readonly members: readonly ThreadMember[]
  readonly runs: readonly Run[]
}

const roomKey = (id: string) => ['threads', 'room', id] as const

/** Who is no member hears nothing, so that the room is read again while somebody looks at it. */
const everyMs = 5_000

export function useRoom(id: string) {
  return useQuery({
    queryKey: roomKey(id),
    queryFn: async () => parseDetail(await readRoom(id)),
    refetchInterval: ({ state }) => (state.status === 'error' ? false : everyMs),
  })
}

/** Reads the room again. */
export function useRefreshRoom(id: string): () => Promise<void> {
  const queries = useQueryClient()
  return useCallback(() => queries.invalidateQueries({ queryKey: roomKey(id) }), [queries, id])
}

function parseDetail(value: unknown): RoomDetail {
  const { members, runs } = readObject(value)
  return {
    thread: Thread.parse(value),
    members: readList(members).map((member) => ThreadMember.parse(member)),
    runs: readList(runs).map((run) => Run.parse(run)),
  }
}
