import type { KeySource, SessionKeyOptions } from './session-key.js'

export type KeyVector = {
  nr: number
  source: KeySource
  options?: SessionKeyOptions
  current: string
  /** Only where it differs. */
  seed?: string
}

const discord = (source: Partial<KeySource>): KeySource => ({
  platform: 'discord',
  chat_type: 'group',
  chat_id: 'C1',
  ...source,
})
const telegram = (source: Partial<KeySource>): KeySource => ({
  platform: 'telegram',
  chat_type: 'dm',
  chat_id: '55',
  ...source,
})
const slack = (source: Partial<KeySource>): KeySource => ({
  platform: 'slack',
  chat_type: 'group',
  chat_id: 'C07',
  ...source,
})
const first = discord({ user_id: 'U1', scope_id: 'G1' })
const inThread = discord({ chat_type: 'thread', chat_id: 'T9', thread_id: 'T9', user_id: 'U1' })
const forum = telegram({ chat_type: 'forum', chat_id: '-100200', thread_id: '3', user_id: '55' })

/** The table of contract 4.5, row by row. */
export const keyVectors: KeyVector[] = [
  { nr: 1, source: first, current: 'agent:main:discord:group:C1:U1' },
  { nr: 2, source: { ...first, scope_id: 'G2' }, current: 'agent:main:discord:group:C1:U1' },
  { nr: 3, source: { ...first, user_id: 'U2' }, current: 'agent:main:discord:group:C1:U2' },
  {
    nr: 4,
    source: discord({ chat_type: 'channel', user_id: 'U1' }),
    current: 'agent:main:discord:channel:C1:U1',
  },
  { nr: 5, source: inThread, current: 'agent:main:discord:thread:T9:T9' },
  { nr: 6, source: { ...inThread, user_id: 'U2' }, current: 'agent:main:discord:thread:T9:T9' },
  {
    nr: 7,
    source: discord({ chat_type: 'dm', chat_id: 'D1', user_id: 'U1' }),
    current: 'agent:main:discord:dm:D1',
  },
  { nr: 8, source: discord({ user_id: null }), current: 'agent:main:discord:group:C1' },
  {
    nr: 9,
    source: discord({ user_id: 'U1', prospective_thread_id: 'M7' }),
    current: 'agent:main:discord:thread:C1:M7',
    seed: 'agent:main:discord:group:C1:U1',
  },
  {
    nr: 10,
    source: discord({ chat_type: 'thread', thread_id: 'M7', user_id: 'U2' }),
    current: 'agent:main:discord:thread:C1:M7',
  },
  {
    nr: 11,
    source: telegram({ chat_type: 'group', chat_id: '-100200', user_id: '55' }),
    current: 'agent:main:telegram:group:-100200:55',
  },
  { nr: 12, source: forum, current: 'agent:main:telegram:forum:-100200:3' },
  { nr: 13, source: { ...forum, user_id: '66' }, current: 'agent:main:telegram:forum:-100200:3' },
  { nr: 14, source: { ...forum, thread_id: '4' }, current: 'agent:main:telegram:forum:-100200:4' },
  { nr: 15, source: telegram({ user_id: '55' }), current: 'agent:main:telegram:dm:55' },
  { nr: 16, source: telegram({ thread_id: '12' }), current: 'agent:main:telegram:dm:55:12' },
  { nr: 17, source: telegram({ chat_id: '', user_id: '55' }), current: 'agent:main:telegram:dm:55' },
  {
    nr: 18,
    source: telegram({ chat_id: '', user_id: '55', thread_id: '12' }),
    current: 'agent:main:telegram:dm:55:12',
  },
  { nr: 19, source: telegram({ chat_id: '', thread_id: '12' }), current: 'agent:main:telegram:dm:12' },
  { nr: 20, source: telegram({ chat_id: '' }), current: 'agent:main:telegram:dm' },
  {
    nr: 21,
    source: slack({ user_id: 'U1', scope_id: 'T1' }),
    current: 'agent:main:slack:group:T1:C07:U1',
    seed: 'agent:main:slack:group:C07:U1',
  },
  {
    nr: 22,
    source: slack({ user_id: 'U1', scope_id: 'T1', thread_id: '1700.1' }),
    current: 'agent:main:slack:group:T1:C07:1700.1',
    seed: 'agent:main:slack:group:C07:1700.1',
  },
  {
    nr: 23,
    source: slack({ chat_type: 'dm', chat_id: 'D07', scope_id: 'T1' }),
    current: 'agent:main:slack:dm:T1:D07',
    seed: 'agent:main:slack:dm:D07',
  },
  {
    nr: 24,
    source: slack({ chat_type: 'dm', chat_id: 'D07', scope_id: 'T1', thread_id: '1700.1' }),
    current: 'agent:main:slack:dm:T1:D07:1700.1',
    seed: 'agent:main:slack:dm:D07:1700.1',
  },
  { nr: 25, source: slack({ chat_type: 'dm', chat_id: 'D07' }), current: 'agent:main:slack:dm:D07' },
  {
    nr: 26,
    source: {
      platform: 'signal',
      chat_type: 'group',
      chat_id: 'g1',
      user_id: '+1555',
      user_id_alt: 'uuid-1',
    },
    current: 'agent:main:signal:group:g1:uuid-1',
  },
  {
    nr: 27,
    source: { platform: 'whatsapp', chat_type: 'dm', chat_id: '15551230000@s.whatsapp.net' },
    current: 'agent:main:whatsapp:dm:15551230000',
  },
  {
    nr: 28,
    source: {
      platform: 'whatsapp',
      chat_type: 'group',
      chat_id: '12036300@g.us',
      user_id: '15551230000:4@s.whatsapp.net',
    },
    current: 'agent:main:whatsapp:group:12036300@g.us:15551230000',
  },
  {
    nr: 29,
    source: { platform: 'matrix', chat_type: 'group', chat_id: '!r:hs.example', user_id: '@a:hs.example' },
    current: 'agent:main:matrix:group:!r:hs.example:@a:hs.example',
  },
  {
    nr: 30,
    source: first,
    options: { groupSessionsPerUser: false },
    current: 'agent:main:discord:group:C1',
  },
  {
    nr: 31,
    source: inThread,
    options: { threadSessionsPerUser: true },
    current: 'agent:main:discord:thread:T9:T9:U1',
  },
  {
    nr: 32,
    source: inThread,
    options: { threadSessionsPerUser: true, groupSessionsPerUser: false },
    current: 'agent:main:discord:thread:T9:T9',
  },
  { nr: 33, source: first, options: { profile: 'coder' }, current: 'agent:coder:discord:group:C1:U1' },
  { nr: 34, source: first, options: { profile: 'default' }, current: 'agent:main:discord:group:C1:U1' },
  {
    nr: 35,
    source: first,
    options: { profile: 'main' },
    current: 'agent:main~:discord:group:C1:U1',
    seed: 'agent:main:discord:group:C1:U1',
  },
]
