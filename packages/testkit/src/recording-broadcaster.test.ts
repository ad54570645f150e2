import { expect, test } from 'vitest'
import { recordingBroadcaster } from './recording-broadcaster.js'

test('a recording broadcaster keeps everything it was given, with its namespace', () => {
  const told = recordingBroadcaster()
  const target = { namespace: '/A' }
  const { broadcastEvent } = told

  broadcastEvent({ id: 'evt_1', type: 'message' }, target)
  told.broadcastThreadUpdated({ id: 'th_1' }, target)
  told.broadcastMembersUpdated('th_1', [{ id: 'u_1' }], target)
  told.broadcastRunUpdated({ id: 'run_1', status: 'pending' }, target)
  told.broadcastThreadDeleted('th_1', target)
  told.evict('th_1', 'u_1', 'removed', target)

  expect(told).toMatchObject({
    events: [{ event: { id: 'evt_1', type: 'message' }, namespace: '/A' }],
    threadsUpdated: [{ thread: { id: 'th_1' }, namespace: '/A' }],
    membersUpdated: [{ threadId: 'th_1', members: [{ id: 'u_1' }], namespace: '/A' }],
    runsUpdated: [{ run: { id: 'run_1', status: 'pending' }, namespace: '/A' }],
    threadsDeleted: [{ threadId: 'th_1', namespace: '/A' }],
    evicted: [{ threadId: 'th_1', identityId: 'u_1', reason: 'removed', namespace: '/A' }],
  })
})
