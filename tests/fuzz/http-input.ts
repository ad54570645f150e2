import type { OutgoingHttpHeaders } from 'node:http'
import type { Sent } from '../compliance/core/http.js'
import type { Random } from './random.js'
import { anyAction, anyField, anyKey, anyValue, toBody } from './values.js'

/** The session that inputs are aimed at. */
export interface Target {
  sid: string
  token: string
  browserKey: string
}

type Build = (random: Random, target: Target) => Sent

const many = <T>(random: Random, most: number, make: (random: Random) => T): T[] =>
  Array.from({ length: random.below(most) }, () => make(random))

const sometimes = (random: Random, value: unknown) => (random.chance(0.85) ? value : anyValue(random))

const create: Build = (random) => {
  const body = {
    mode: sometimes(random, random.pick(['form-fill', 'fill-form', 'default', 'other', null])),
    schema: sometimes(random, many(random, 5, anyField)),
    context: sometimes(random, { name: anyValue(random), [String(anyKey(random))]: anyValue(random) }),
    data: sometimes(random, {}),
    meta: sometimes(random, { extendCap: anyValue(random, 0) }),
    ...(random.chance(0.05) && { sealed: anyValue(random, 0) }),
  }
  return { path: '/handshake/session', body: toBody(random, body) }
}

const action: Build = (random, { sid }) => {
  const body = {
    actions: sometimes(random, many(random, 6, anyAction)),
    stream: sometimes(random, random.chance(0.5)),
    intervalMs: sometimes(random, random.pick([0, 0, 0, 1, 5, -1])),
  }
  return { path: `/handshake/action/${sid}`, body: toBody(random, body) }
}

const notify: Build = (random, { sid, browserKey }) => {
  const key = random.chance(0.8) ? `/${browserKey}` : random.pick(['', '/', '/x', `/${browserKey}/x`])
  const body = { key: anyKey(random), value: anyValue(random) }
  return { path: `/handshake/notify/${sid}${key}`, body: toBody(random, body) }
}

const extend: Build = (random, { sid }) => {
  const seconds = random.pick([1, 60, '60', 0, 86401, 'x', null, anyValue(random)])
  return { path: `/handshake/session/${sid}/extend`, body: toBody(random, { extraSeconds: seconds }) }
}

const diff: Build = (random, { sid }) => {
  const times = [
    '2026-06-23T10:22:00Z',
    '2026-06-23 10:22:00.1+08:00',
    'z',
    '',
    '9'.repeat(400),
    '0000-00-00T00:00:00',
  ]
  const since = random.pick([...times, random.letters(12), '+275760-09-13T00:00:00.001Z'])
  const name = random.pick(['since', 'since', 'sinceSeq', 'since[]', '%'])
  const value = random.chance(0.5) ? encodeURIComponent(since) : since.replace(/[^\x21-\x7e]/g, '+')
  return { path: `/handshake/diff/${sid}?${name}=${value}` }
}

const reading: Build = (random, { sid }) => {
  const name = random.pick(['context', 'audit', 'prompt', 'session', 'nowhere'])
  return {
    path: `/handshake/${name}/${sid}${random.pick(['', '/', '?', '?lang=zh', '?token=', '?token=%E4%BB%A4'])}`,
  }
}

const claiming: Build = (random, { sid }) => {
  const body = {
    code: anyValue(random, 0),
    nonce: anyValue(random, 0),
    label: anyValue(random),
    agent: anyValue(random),
  }
  const name = random.pick(['claim', 'freeze', 'unfreeze', 'code', 'upgrade', 'pairing'])
  return { path: `/handshake/session/${sid}/${name}`, body: toBody(random, body) }
}

const builds: readonly Build[] = [
  create,
  action,
  action,
  action,
  notify,
  notify,
  extend,
  diff,
  reading,
  claiming,
]

/** One request: a valid one of some route, then damaged in its method, path, headers or framing. */
export function anyRequest(random: Random, target: Target): Sent {
  const sent = random.pick(builds)(random, target)
  return {
    ...sent,
    path: random.chance(0.9) ? sent.path : oddPath(random, sent.path),
    headers: anyHeaders(random, target),
    chunked: random.chance(0.1),
    ...(random.chance(0.05) && { method: random.pick(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'POST', 'GET']) }),
  }
}

function oddPath(random: Random, path: string): string {
  const at = random.below(path.length)
  const piece = random.pick([
    '%',
    '%00',
    '%2f',
    '//',
    '..',
    '/./',
    ';',
    '%ff',
    '?',
    '&token=x',
    'A'.repeat(2000),
  ])
  return path.slice(0, at + 1) + piece + path.slice(at + 1)
}

function anyHeaders(random: Random, { token, browserKey }: Target): OutgoingHttpHeaders {
  const credential = random.chance(0.85)
    ? token
    : random.pick(['', 'x', 'tök', token.slice(1), token.repeat(50)])
  const odd: OutgoingHttpHeaders[] = [
    {},
    { Origin: random.pick(['null', 'https://evil.example', 'x', 'http://[']) },
    { 'Content-Type': random.pick(['text/plain', 'application/xml', ';;', 'multipart/form-data']) },
    { 'X-Forwarded-For': '1.2.3.4, 5.6.7.8', 'X-Forwarded-Host': 'evil.example', Forwarded: 'for=x' },
    { 'X-Handshake-Browser-Key': random.pick([browserKey, 'x', '', token]) },
    { Cookie: 'a=b; '.repeat(random.below(200)) },
    { 'Content-Encoding': random.pick(['gzip', 'br', 'x']) },
    { Host: random.pick(['evil.example', 'a b', '[', '']) },
    { Range: 'bytes=0-1', 'If-None-Match': '*' },
  ]
  return { 'X-Handshake-Token': credential, ...(random.chance(0.3) ? random.pick(odd) : {}) }
}
