import { expect, it } from 'vitest'
import { botName, botTitle, healthOf, splitNames } from './bot.js'
import { botOf, emptyFields } from './bot-form.js'

const sim = { driver: 'sim', platform: null, credentials: [] }
const telegram = {
  driver: 'telegram',
  platform: 'telegram',
  credentials: [
    { name: 'token', about: 'a', isOptional: false },
    { name: 'webhookSecret', about: 'b', isOptional: true },
  ],
}

it('a simulated bot says whom it imitates, and has no credential', () => {
  const fields = { ...emptyFields('sim'), platform: 'discord', botId: ' 7 ', credentials: { token: 'left' } }

  expect(botOf(fields, sim)).toEqual({ driver: 'sim', platform: 'discord', botId: '7' })
})

it('a real one has the credentials of its driver, and no id that a person could get wrong', () => {
  const fields = {
    ...emptyFields('telegram'),
    botId: 'of another driver',
    label: 'Helpdesk ',
    tenants: 'acme, globex,acme,',
    credentials: { token: ' 1:a ', webhookSecret: ' ', publicKey: 'of another' },
  }

  expect(botOf(fields, telegram)).toEqual({
    driver: 'telegram',
    label: 'Helpdesk',
    credentials: { token: '1:a' },
    tenants: ['acme', 'globex'],
  })
})

it('names are separated by commas and lines, each once', () => {
  expect(splitNames(' a,b\n c ,, a')).toEqual(['a', 'b', 'c'])
  expect(splitNames(' ')).toEqual([])
})

it('a bot is called by its label, else by its user name, else by its id', () => {
  const bot = { platform: 'telegram', botId: '7', label: '', username: null } as never
  expect(botTitle(bot)).toBe('telegram:7')
  expect(botTitle({ ...(bot as object), username: 'helper' } as never)).toBe('helper')
  expect(botName({ platform: 'telegram', botId: '7' })).toBe('telegram:7')
})

it('health is told, also one that nobody knows; a bot that is off is off', () => {
  expect(healthOf({ isEnabled: true, health: { state: 'well' } }).text).toBe('Well')
  expect(healthOf({ isEnabled: true, health: { state: 'odd' } }).text).toBe('odd')
  expect(healthOf({ isEnabled: false, health: { state: 'well' } }).text).toBe('Off')
})
