import { expect, test } from 'vitest'
import { cleanEnvironment } from './environment.js'

test('only what is on the list is passed on, and what is given wins', () => {
  const host = {
    PATH: '/bin',
    LC_TIME: 'C',
    HTTPS_PROXY: 'http://p',
    no_proxy: 'x',
    XDG_CACHE_HOME: '/c',
    LD_PRELOAD: '/evil.so',
    NODE_OPTIONS: '--require x',
    PARLEY_DATABASE_URL: 'postgres://u:p@h',
    AWS_SECRET_ACCESS_KEY: 'k',
    PROXY_PASSWORD: 'p',
    PARLEY_AGENT_MARK: 'of another session',
  }

  expect(cleanEnvironment(host, { PATH: '/mine', KEY: 'v' })).toEqual({
    PATH: '/mine',
    LC_TIME: 'C',
    HTTPS_PROXY: 'http://p',
    no_proxy: 'x',
    XDG_CACHE_HOME: '/c',
    KEY: 'v',
  })
})
