import type { OutgoingHttpHeaders } from 'node:http'
import type { Sent } from '../../compliance/core/http.js'
import type { Random } from '../random.js'
import { anyValue, toBody } from '../values.js'
import { people, type Target } from './target.js'
import { anyContent, anyDraft, anyId, anyInvocation, anyMember, anyMetadata, anyTenant } from './values.js'

type Build = (random: Random, target: Target) => Omit<Sent, 'headers'>

/** Percent-encoded, or not at all, or badly. A lone surrogate can't be. */
function inPath(random: Random, id: string): string {
  const text = /\p{Surrogate}/u.test(id) ? '%ED%A0%80' : encodeURIComponent(id)
  if (random.chance(0.95)) return text
  return random.pick([
    text.replaceAll('%', '%25'),
    `${text}%`,
    `${text}%00`,
    `%2e%2e%2f${text}`,
    `${text}%c0%80`,
  ])
}

const thread = (random: Random, { threadId }: Target) => `/threads/${inPath(random, anyId(random, threadId))}`
const event = (random: Random, target: Target) =>
  `${thread(random, target)}/events/${inPath(random, anyId(random, target.eventId))}`
const run = (random: Random, { runId }: Target) => `/runs/${inPath(random, anyId(random, runId))}`

const post = (random: Random, path: string, body: unknown, method = 'POST') => ({
  method,
  path,
  // Half of them whole, so that much gets past the reading.
  body: random.chance(0.5) ? JSON.stringify(body) : toBody(random, body),
})

const texts = [
  '1',
  '0',
  '-1',
  '500',
  '501',
  '1e3',
  '99999999999999999999',
  '',
  'x',
  'true',
  'false',
  'me',
  '%00',
  '%ff',
  '%ed%a0%80',
]
const times = [
  '2026-01-01T00%3A00%3A00Z',
  '2026-01-01',
  '9'.repeat(300),
  '%2B275760-09-13T00:00:00.001Z',
  '0000',
]

/** A query of the lists: each parameter may be there, twice, or wrong. */
function query(random: Random): string {
  const parameters = [
    ['limit', random.pick(texts)],
    ['after_seq', random.pick(texts)],
    ['order', random.pick(['asc', 'desc', 'x'])],
    ['types', random.pick(['message', 'message,run.started', 'x', ',,', '__proto__', '%00'])],
    ['cursor_created_at', random.pick(times)],
    ['cursor_id', random.pick(['th_x', '', '%00', 'a'.repeat(300)])],
    ['member', random.pick(texts)],
    ['unread', random.pick(texts)],
    ['active', random.pick(texts)],
  ]
  const chosen = parameters.filter(() => random.chance(0.25)).map(([name, value]) => `${name}=${value}`)
  const all = random.chance(0.05) ? [...chosen, ...chosen] : chosen
  return all.length === 0 ? '' : `?${all.join('&')}`
}

const builds: readonly Build[] = [
  (random, target) =>
    post(random, '/threads', { tenant: anyTenant(random, target), metadata: anyMetadata(random) }),
  (random) => ({ path: `/threads${query(random)}` }),
  (random, target) => ({ path: thread(random, target) }),
  (random, target) =>
    post(
      random,
      thread(random, target),
      { ...(random.chance(0.3) && { tenant: anyTenant(random, target) }), metadata: anyMetadata(random) },
      'PATCH',
    ),
  (random, target) => ({ path: `${thread(random, target)}/events${query(random)}` }),
  (random, target) => post(random, `${thread(random, target)}/messages`, anyDraft(random, target)),
  (random, target) => post(random, `${thread(random, target)}/messages`, anyDraft(random, target)),
  (random, target) => ({ path: event(random, target) }),
  (random, target) => post(random, event(random, target), { content: anyContent(random, target) }, 'PATCH'),
  (random, target) => ({ path: event(random, target), method: 'DELETE' }),
  (random, target) =>
    post(random, `${thread(random, target)}/read`, { seq: random.pick([1, 0, -1, 1e9, anyValue(random)]) }),
  (random, target) => ({ path: `${thread(random, target)}/members` }),
  (random, target) => post(random, `${thread(random, target)}/members`, anyMember(random)),
  (random, target) => {
    const id = anyId(random, random.pick(['u_carol', 'u_nobody', 'track']))
    return { path: `${thread(random, target)}/members/${inPath(random, id)}`, method: 'DELETE' }
  },
  (random, target) => post(random, `${thread(random, target)}/invocations`, anyInvocation(random)),
  (random, target) => ({ path: `${thread(random, target)}/runs${query(random)}` }),
  (random, target) => {
    const call = inPath(random, anyId(random, 'call_1'))
    const path = `${thread(random, target)}/tool-calls/${call}/${random.pick(['approve', 'reject', 'x'])}`
    return post(random, path, random.pick([{}, { reason: 'why' }, { reason: anyValue(random) }]))
  },
  (random, target) => ({ path: run(random, target) }),
  (random, target) => ({ path: run(random, target), method: 'DELETE' }),
  (random, target) => ({
    path: thread(random, target),
    method: random.chance(0.1) ? 'DELETE' : random.pick(['PUT', 'POST', 'OPTIONS', 'HEAD', 'TRACE']),
  }),
]

/** One request: a valid one of some route, then damaged in its method, path, headers or framing. */
export function anyRequest(random: Random, target: Target): Sent {
  const sent = random.pick(builds)(random, target)
  const path = `${random.chance(0.98) ? '/acp' : random.pick(['', '/ACP', '/acp/', '/acp/v1'])}${sent.path}`
  return {
    ...sent,
    path: random.chance(0.95) ? path : oddPath(random, path),
    headers: anyHeaders(random),
    chunked: random.chance(0.1),
    ...(random.chance(0.03) && { method: random.pick(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'POST', 'GET']) }),
  }
}

const pieces = ['%', '%00', '%2f', '//', '..', '/./', ';', '%ff', '?', '&x=y', '#', 'A'.repeat(2_000)]

function oddPath(random: Random, path: string): string {
  const at = 1 + random.below(path.length)
  return path.slice(0, at) + random.pick(pieces) + path.slice(at)
}

function anyHeaders(random: Random): OutgoingHttpHeaders {
  const who = random.chance(0.6) ? random.pick(['alice', 'bob']) : random.pick(people)
  const odd: OutgoingHttpHeaders[] = [
    { Origin: random.pick(['null', 'https://evil.example', 'x', 'http://[']) },
    { 'Content-Type': random.pick(['text/plain', 'application/xml', ';;', 'multipart/form-data']) },
    { 'X-Forwarded-For': '1.2.3.4', 'X-Forwarded-Host': 'evil.example', Forwarded: 'for=x' },
    { Cookie: 'a=b; '.repeat(random.below(200)) },
    { 'Content-Encoding': random.pick(['gzip', 'br', 'x']) },
    { Host: random.pick(['evil.example', 'a b', '[', '']) },
    { 'Sec-Fetch-Site': random.pick(['cross-site', 'same-origin', 'x']) },
    {
      Authorization: random.pick([
        '',
        'Bearer',
        'Bearer  alice',
        'Basic x',
        'Bearer __proto__',
        'x'.repeat(5_000),
      ]),
    },
    { 'Access-Control-Request-Method': 'POST', Origin: 'https://app.example' },
  ]
  return { Authorization: `Bearer ${who}`, ...(random.chance(0.2) ? random.pick(odd) : {}) }
}
