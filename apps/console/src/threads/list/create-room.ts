import type { Identity, UserIdentity } from '@parley/threads/protocol'
import { Problem } from '../../api/problem.js'
import { told } from '../client/problems.js'
import { openRoomClient } from '../client/room-client.js'
import { addMember } from '../model/api.js'
import type { Invitable } from '../model/assistants.js'
import type { Tenant } from '../model/tenant.js'

/** A room that is to be made. */
export type NewRoom = {
  readonly title: string
  readonly tenant: Tenant
  readonly assistants: readonly Invitable[]
  /** Ids of people. */
  readonly people: readonly string[]
  /** Said at once to all the assistants, who answer it. */
  readonly firstWords?: string
}

/**
 * Makes a room with its first members, the caller among them. Answers its id. Rejects with a `Problem`; the room may be
 * there by then, with some of them.
 */
export async function createRoom(wanted: NewRoom, operator: UserIdentity): Promise<string> {
  const { title, tenant, assistants, firstWords } = wanted
  const client = openRoomClient(operator)
  try {
    const metadata = title ? { title } : {}
    const { id } = await told(client.createThread({ tenant: { ...tenant }, metadata }))
    for (const identity of invited(wanted)) await invite(id, identity)
    const recipients = assistants.map((assistant) => assistant.id)
    if (firstWords && recipients.length > 0) {
      const content = [{ type: 'text' as const, text: firstWords }]
      await told(client.sendMessage(id, { content, recipients }))
    }
    return id
  } finally {
    client.close()
  }
}

function invited({ tenant, assistants, people }: NewRoom): Identity[] {
  return [
    ...assistants.map(({ id, name }): Identity => ({ role: 'assistant', id, name, metadata: {} })),
    ...people.map((id): Identity => ({ role: 'user', id, name: id, metadata: { tenant } })),
  ]
}

async function invite(roomId: string, identity: Identity): Promise<void> {
  try {
    await addMember(roomId, identity)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const message = `The room is there, but ${identity.id} could not be invited: ${error.message}`
    throw new Problem(error.status, error.code, message, error.requestId)
  }
}
