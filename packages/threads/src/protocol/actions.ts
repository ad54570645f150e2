/** What `authorize` is asked about. Editing and deleting a message count as `message.send`, read marks as `thread.read`. */
export const authorizeActions = [
  'thread.read',
  'thread.update',
  'thread.delete',
  'message.send',
  'assistant.invoke',
  'member.add',
  'member.remove',
  'run.cancel',
  'tool.approve',
  'tool.reject',
] as const

/** One of the things that `authorize` is asked about. */
export type AuthorizeAction = (typeof authorizeActions)[number]
