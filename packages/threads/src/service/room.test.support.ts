import type { TestGround } from '@parley/testkit'
import { onTestFinished } from 'vitest'
import { createThreads, type Threads } from '../create.js'
import { user } from '../protocol/index.js'
import { type Caller, toCaller } from './caller.js'
import type { ThreadsService } from './service.js'

const ann = user({ id: 'u_ann', name: 'Ann' })

/** Who calls in rooms of `openRoomOn`. */
export const caller: Caller = toCaller(ann, [])

export type OpenedRoom = { threads: Threads; service: ThreadsService; id: string }

/** A thread of Ann's on a ground of its own, without rates; closed when the test is over. */
export async function openRoomOn({ open }: TestGround): Promise<OpenedRoom> {
  const { ground, close } = await open()
  const threads = createThreads({
    ground,
    authenticate: () => ann,
    limits: { writesPer10Seconds: 100_000 },
  })
  await threads.ready
  onTestFinished(async () => {
    await threads.stop()
    await close()
  })
  const service = await threads.service()
  const { id } = await service.createThread(caller, {})
  return { threads, service, id }
}
