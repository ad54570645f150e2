import { expect, it } from 'vitest'
import { createLogger, type LoggerOptions } from './logger.js'

function start(options: LoggerOptions = {}) {
  const lines: string[] = []
  const logger = createLogger({ destination: { write: (line) => void lines.push(line) }, ...options })
  return { logger, lines, records: () => lines.map((line) => JSON.parse(line)) }
}

it('writes one JSON object a line, with its bindings', () => {
  const { logger, records } = start({ bindings: { plane: 'relay' } })

  logger.info({ requestId: 'req_1' }, 'request done')

  expect(records()).toEqual([
    { level: 'info', time: expect.any(Number), plane: 'relay', requestId: 'req_1', msg: 'request done' },
  ])
})

it('never writes a secret', () => {
  const { logger, lines } = start({ bindings: { token: 'hush-1' }, secretPaths: ['/hooks/:secret'] })
  const child = logger.child({ authorization: 'Bearer hush-2' })

  child.info({ headers: { 'x-handshake-token': 'hush-3' }, url: '/x?token=hush-4' }, 'GET /hooks/hush-5')
  child.error(new Error('failed: /x?code=hush-6'))
  child.error({ err: new Error('failed: /x?code=hush-7') }, 'with %s', '/y?key=hush-8')
  child.warn({ req: { headers: { cookie: 'hush-9' } } })

  expect(lines).toHaveLength(4)
  expect(lines.join('')).not.toContain('hush')
  expect(lines[1]).toContain('failed: /x?code=[redacted]')
})

it('is silent when told so', () => {
  const { logger, lines } = start({ level: 'silent' })

  logger.fatal('nobody hears this')

  expect(lines).toEqual([])
})
