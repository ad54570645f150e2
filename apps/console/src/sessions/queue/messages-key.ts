/** What is read of the message queue. */
export const messagesKey = ['sessions', 'messages'] as const
