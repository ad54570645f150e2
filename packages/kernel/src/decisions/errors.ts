import { defineErrors } from '../errors/index.js'

/** Refusals of decisions. */
export const decisionErrors = defineErrors('decision', {
  notFound: { status: 404, message: 'There is no such decision, or you may not see it.' },
  /** `details`: `id`, `state` (`answered` or `withdrawn`), and for an answered one `answeredBy`, `answeredAt`, `automatic`. */
  alreadySettled: { status: 409, message: 'This was decided already.' },
  askerMayNotAnswer: { status: 403, message: 'Whoever asks can not answer. Somebody else has to.' },
  notAllowed: { status: 403, message: 'This decision is for others to answer.' },
  /** `details`: `id`, `deadline` in microseconds. */
  expired: { status: 410, message: 'The time to answer is over.' },
  /** `details`: `problems`, a list of `{ path, message }`. */
  invalidAnswer: { status: 400, message: 'The answer does not fit the question.' },
  /** `details`: `problems`, a list of `{ path, message }`. */
  invalidQuestion: { status: 400, message: 'The question can not be asked like this.' },
  /** `details`: `stream`, `limit`. */
  tooManyOpen: {
    status: 429,
    message: 'Too many decisions are open here. Answer or withdraw some first.',
    retryable: true,
  },
})
