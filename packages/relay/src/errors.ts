import { defineErrors } from '@parley/kernel/errors'

/**
 * Every refusal of the relay plane. On its routes a refusal is `{"error": <message>}` (contract 8); on the socket the
 * results of section 5 carry the message, and nothing else of it.
 */
export const relayErrors = defineErrors('relay', {
  // on any route
  unauthenticated: { status: 401, message: 'unauthorized' },
  forbidden: { status: 403, message: 'forbidden' },
  notFound: { status: 404, message: 'not found' },
  methodNotAllowed: { status: 405, message: 'method not allowed' },
  /** Pass a text that names the member, for example `platform must be a non-empty string`. */
  invalidRequest: { status: 400, message: 'invalid request' },
  conflict: { status: 409, message: 'conflict' },
  payloadTooLarge: { status: 413, message: 'payload too large' },
  rateLimited: { status: 429, message: 'too many requests', retryable: true },
  internal: { status: 500, message: 'internal error' },
  /** The database can't be asked: whoever dialled dials again. Never a 4401 (contract 12.2, 22). */
  unavailable: { status: 503, message: 'temporarily unavailable', retryable: true },

  // enrolment and provisioning
  enrolmentRefused: { status: 403, message: 'enrolment token is invalid, expired or already used' },
  /** No word about whose it is. */
  gatewayRefused: { status: 403, message: 'this gateway id can not be used' },
  routeKeyTaken: { status: 409, message: 'a route key belongs to somebody else' },
  scopeTaken: { status: 409, message: 'another instance owns this chat' },
  tooManyGateways: { status: 409, message: 'too many gateways in this tenant' },

  // media
  emptyMedia: { status: 400, message: 'the body is empty' },
  mediaTooLarge: { status: 413, message: 'media is limited to 26214400 bytes' },
  mediaFull: { status: 429, message: 'too much media is kept for this tenant', retryable: true },

  // operators
  platformUnknown: { status: 400, message: 'no such platform' },
  botNotFound: { status: 404, message: 'bot not found' },
  botExists: { status: 409, message: 'this bot is there already' },
  credentialRefused: { status: 400, message: 'the platform refused the credential' },
  gatewayNotFound: { status: 404, message: 'gateway not found' },
  receiptNotFound: { status: 404, message: 'receipt not found' },
  notRetryable: { status: 409, message: 'only a parked or dead one can be sent again' },

  // at the opening
  wrongKey: {
    status: 500,
    message: 'the data was sealed with another key; give the one it was opened with first',
  },
})
