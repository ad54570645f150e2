import { defineErrors } from '../errors/index.js'

/** Refusals of the delivery room. None of their messages holds what a host name resolved to. */
export const deliveryErrors = defineErrors('delivery', {
  invalidAddress: {
    status: 400,
    message: 'Give an http or https address without a user name and password.',
  },
  addressNotAllowed: { status: 403, message: 'This server does not send to that address.' },
  hostNotFound: { status: 502, message: 'The host name could not be resolved.', retryable: true },
  unreachable: { status: 502, message: 'The address did not answer properly.', retryable: true },
  timedOut: { status: 504, message: 'The address did not answer in time.', retryable: true },
  redirected: { status: 502, message: 'The address answered with a redirect, which is not followed.' },
  payloadTooLarge: { status: 413, message: 'The payload is too large to be delivered.' },
})
