import { defineErrors, type ParleyError } from '@parley/kernel/errors'

/**
 * Every refusal of the threads plane, with the texts of the wire. `protocol/wire.ts` turns them into its codes and
 * statuses. Where a text has a variable part, use the functions below or pass the whole text as `message`.
 */
export const threadsErrors = defineErrors('threads', {
  // on any route
  unauthenticated: { status: 401, message: 'unauthenticated' },
  /** A page of a strange origin would change something. */
  originNotAllowed: { status: 403, message: 'origin not allowed' },
  notFound: { status: 404, message: 'not found' },
  methodNotAllowed: { status: 405, message: 'method not allowed' },
  /** Pass a text that names the member, for example `content[0].url must not be empty`. */
  invalidRequest: { status: 400, message: 'invalid request' },
  payloadTooLarge: { status: 413, message: 'payload too large' },
  rateLimited: { status: 429, message: 'rate limit exceeded', retryable: true },
  internal: { status: 500, message: 'internal error' },

  // threads and members
  threadNotFound: { status: 404, message: 'thread not found' },
  notAMember: { status: 403, message: 'not a member of this thread' },
  notAuthorized: { status: 403, message: 'not authorized' },
  /** A thread may be created in, or moved to, only what its creator or mover would see. */
  foreignTenant: { status: 403, message: 'tenant not visible to the caller' },
  tooManyMembers: { status: 400, message: 'too many members in this thread' },

  // messages
  eventNotFound: { status: 404, message: 'event not found' },
  notTheAuthor: { status: 403, message: 'not the author of this message' },
  /** A form, or the call of a tool, is answered by somebody else. */
  askerMayNotAnswer: { status: 403, message: 'whoever asks can not answer' },
  recipientNotMember: { status: 400, message: 'recipient not a member of this thread' },
  /** The retry key of a draft or an invocation was used for something else, or a form has its answer already. */
  conflict: { status: 409, message: 'conflict' },

  // runs
  runNotFound: { status: 404, message: 'run not found' },
  toolCallNotFound: { status: 404, message: 'tool call not found' },
  assistantNotRegistered: { status: 404, message: 'assistant not registered' },
  assistantNotMember: { status: 403, message: 'assistant not a member of this thread' },
  chainTooDeep: { status: 400, message: 'too many assistants invoked each other' },

  // webhooks
  webhookNotFound: { status: 404, message: 'webhook not found' },
  deliveryNotFound: { status: 404, message: 'delivery not found' },
  tooManyWebhooks: { status: 409, message: 'too many webhooks in this tenant' },

  // namespaces
  /** The namespace of a connection does not parse. Over HTTP use `namespaceForbidden`. */
  namespaceInvalid: { status: 403, message: 'namespace_invalid' },
  namespaceMismatch: { status: 403, message: 'namespace_mismatch' },
  /** HTTP: the caller's tenant makes no namespace. Pass `namespace: <reason>` as `message`. */
  namespaceForbidden: { status: 403, message: 'namespace: not allowed' },
})

/** The application's `authorize` said no: `not authorized: <action>`. */
export function notAuthorized(action: string): ParleyError {
  return threadsErrors.notAuthorized({ message: `not authorized: ${action}`, details: { action } })
}

/** 409: `assistant is active already: <id>`. */
export function assistantActive(assistantId: string): ParleyError {
  const message = `assistant is active already: ${assistantId}`
  return threadsErrors.conflict({ message, details: { assistantId } })
}

/** 404: `assistant not registered: <id>`. */
export function assistantNotRegistered(assistantId: string): ParleyError {
  const message = `assistant not registered: ${assistantId}`
  return threadsErrors.assistantNotRegistered({ message, details: { assistantId } })
}

/** 403: `assistant not a member of this thread: <id>`. */
export function assistantNotMember(assistantId: string): ParleyError {
  const message = `assistant not a member of this thread: ${assistantId}`
  return threadsErrors.assistantNotMember({ message, details: { assistantId } })
}
