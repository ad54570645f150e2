import { eventually } from '@parley/testkit'
import { openPlane, type Plane, people } from '../../plane.test.support.js'
import { assistant, type ThreadEvent, text } from '../../protocol/index.js'
import type { AssistantHandler } from './handler.js'

/** The identity of an assistant. */
export const helper = (id: string) => assistant({ id, name: id })

/** A room with assistants as members, their handlers registered, and what there is to ask of it. */
export async function roomWith(
  handlers: Readonly<Record<string, AssistantHandler>>,
  options: Parameters<typeof openPlane>[0] = {},
) {
  const plane = await openPlane(options)
  for (const [id, handler] of Object.entries(handlers)) plane.threads.assistant(id, handler)
  const id = await plane.room({ members: [people.bob!, ...Object.keys(handlers).map(helper)] })
  const invoke = (ids: readonly string[], more: Record<string, unknown> = {}) =>
    plane.call('alice', 'POST', `/threads/${id}/invocations`, { assistant_ids: ids, ...more })
  return { ...plane, id, invoke, ...looks(plane, id) }
}

function looks({ call }: Plane, id: string) {
  const events = async (): Promise<ThreadEvent[]> =>
    (await call('alice', 'GET', `/threads/${id}/events?limit=500`)).body.items
  return {
    events,
    ofRuns: async () => (await events()).filter(({ run_id }) => run_id !== null),
    /** Waits until a run is over, and answers it. */
    over: (runId: string) =>
      eventually(async () => {
        const { body } = await call('alice', 'GET', `/runs/${runId}`)
        return body.completed_at && body
      }),
  }
}

/** A handler that is done at once. */
export const quick: AssistantHandler = async function* (_ctx, send) {
  yield send.message([text('done')])
}

/** A handler that emits, then waits until it is let go, whatever its signal says. */
export function held() {
  let release = () => {}
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  const handler: AssistantHandler = async function* (_ctx, send) {
    yield send.reasoning('started')
    await gate
    yield send.message([text('late')])
  }
  return { handler, release: () => release() }
}
