export { type AnswerHeaders, answer, jsonResponse, securityHeaders } from './answers.js'
export {
  clientAddress,
  type HeaderSource,
  headerOf,
  isTrustedProxy,
} from './client-address.js'
export { allowPreflight, grantHeaders, pageOf } from './cors.js'
export { type JsonBody, type JsonLimits, readJsonBody, readJsonObject } from './json-body.js'
export { type Fetch, type NodeListener, type NodeListenerOptions, toNodeListener } from './node-listener.js'
export { problemResponse, type Refusal, retryHeader, toRefusal } from './problem.js'
export { readBody } from './read-body.js'
export { type RequestInfo, type RequestInfoOptions, requestInfo } from './request-info.js'
export { createRouter, type DoorEnv, infoOf, limitBody, type RouterOptions, type ToAnswer } from './router.js'
export { encodeSse, type SseEvent, type SseOptions, type SseSource, sseResponse } from './sse.js'
