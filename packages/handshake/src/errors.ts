import { defineErrors } from '@parley/kernel/errors'

/**
 * Every refusal of the handshake plane. `message` is the exact text of the wire (`{"error": message}`);
 * where the wire text has a variable part, the caller passes the whole text as `message`.
 */
export const handshakeErrors = defineErrors('handshake', {
  // on any route
  sessionNotFound: { status: 404, message: 'session not found or expired' },
  invalidToken: { status: 403, message: 'invalid token' },
  rateLimited: { status: 429, message: 'rate limit exceeded', retryable: true },
  badRequest: { status: 400, message: 'bad request' },
  malformedJson: { status: 400, message: 'malformed JSON' },
  bodyNotObject: { status: 400, message: 'request body must be a JSON object' },
  bodyTooLarge: { status: 413, message: 'request body too large' },
  notFound: { status: 404, message: 'not found' },
  methodNotAllowed: { status: 405, message: 'method not allowed' },
  internal: { status: 500, message: 'internal error' },
  browserAuthFailed: { status: 403, message: 'browser auth failed' },
  originNotAllowed: { status: 403, message: 'origin not allowed' },
  /** A hook threw; pass what it said as `message`. */
  refusedByHook: { status: 403, message: 'refused by server policy' },

  // creating
  modeNotString: { status: 400, message: 'mode must be a string' },
  schemaNotArray: { status: 400, message: 'schema must be an array' },
  contextNotObject: { status: 400, message: 'context must be an object' },
  dataNotObject: { status: 400, message: 'data must be an object' },
  metaNotObject: { status: 400, message: 'meta must be an object' },
  sealedNotBoolean: { status: 400, message: 'sealed must be a boolean' },
  /** Pass `schema field <index>: <reason>` as `message`. */
  schemaField: { status: 400, message: 'schema field is invalid' },
  tooManyFields: { status: 400, message: 'too many schema fields' },
  unknownMode: { status: 400, message: 'unknown mode' },
  creationDenied: { status: 403, message: 'session creation denied by server policy' },
  tooManySessions: { status: 503, message: 'too many sessions', retryable: true },

  // writing
  actionsNotArray: { status: 400, message: 'actions must be an array' },
  intervalNotNumber: { status: 400, message: 'intervalMs must be a number' },
  tooManyActions: { status: 400, message: 'too many actions' },
  /** Another node took over in the middle; what was pushed is stored, the rest is not. */
  batchInterrupted: {
    status: 503,
    message: 'batch interrupted: read the context, then go on',
    retryable: true,
  },
  keyRequired: { status: 400, message: 'key is required' },
  invalidKey: { status: 400, message: 'invalid key' },
  valueTooLarge: { status: 400, message: 'value too large' },
  valueTooDeep: { status: 400, message: 'value too deep' },
  sessionTooLarge: { status: 400, message: 'session too large' },
  tooManyKeys: { status: 400, message: 'too many keys' },

  // reading changes, time, claiming
  sinceInvalid: { status: 400, message: 'since must be an ISO-8601 timestamp' },
  sinceSeqInvalid: { status: 400, message: 'sinceSeq must be a whole number' },
  extraSecondsOutOfRange: { status: 400, message: 'extraSeconds must be between 1 and 86400' },
  extensionDenied: { status: 403, message: 'extension denied by server policy' },
  nonceInvalid: { status: 400, message: 'nonce must be 22 to 128 url-safe characters' },
  alreadyClaimed: { status: 409, message: 'already claimed' },
})
