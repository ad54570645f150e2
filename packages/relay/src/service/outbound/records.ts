import type { Op } from '@parley/kernel/db'
import type { PromptRow } from '../../store/port.js'
import type { Parts } from './parts.js'
import type { Asked } from './prepare.js'
import { promptRow } from './prompt-rows.js'
import type { End } from './results-of.js'

// What is remembered of an action besides its receipt, in the same commits.

/** For the unit before a call: a prompt is known before anybody can press it. */
export function opsBefore(parts: Parts, asked: Asked): Op[] {
  const row = promptOf(parts, asked)
  return row ? [parts.deps.store.prompts.insert(row)] : []
}

/** For the unit after the last call. */
export async function opsAfter(parts: Parts, asked: Asked, { result, receipt }: End): Promise<Op[]> {
  const { prompts } = parts.deps.store
  const row = promptOf(parts, asked)
  if (row && receipt.state === 'sent')
    return [prompts.insert({ ...row, messageId: receipt.messageId ?? null })]
  if (row && receipt.state === 'dead') return [prompts.remove(row)]
  return result.success ? await threadOps(parts, asked, result) : []
}

function promptOf({ deps }: Parts, { asker, open, action }: Asked): PromptRow | undefined {
  if (action.op !== 'prompt' || !asker) return undefined
  return promptRow(deps.ground.clock, asker, open.row, action, open.bot)
}

async function threadOps(
  { threads }: Parts,
  { asker, open, action }: Asked,
  result: Extract<End['result'], { success: true }>,
): Promise<Op[]> {
  if (!asker || action.op === 'follow_up') return []
  const { tenant, instanceId } = asker
  if (action.op === 'thread_rename') {
    const made = await threads.find(open.row, action.message_id)
    return made ? [threads.record(open.row, action.message_id, { ...made, name: action.thread_name })] : []
  }
  const { thread_id: threadId, auto_thread_name: autoName } = result
  if (threadId === undefined) return []
  const name = action.op === 'thread_create' ? action.thread_name : (autoName ?? '')
  return [threads.record(open.row, threadId, { tenant, instanceId, chatId: action.chat_id, name })]
}
