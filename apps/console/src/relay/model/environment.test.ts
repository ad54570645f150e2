import { expect, it } from 'vitest'
import { enrolmentLines, environmentOf, leftOutNote } from './environment.js'

it('a gateway gets the lines that the command prints', () => {
  const bots = [
    { platform: 'telegram', botId: '7' },
    { platform: 'discord', botId: '9' },
  ]

  expect(
    environmentOf('https://parley.example', {
      gatewayId: 'gw-1',
      secret: 's',
      deliveryKey: 'd',
      instanceId: 'i-1',
      bots,
    }),
  ).toEqual([
    'GATEWAY_RELAY_URL=https://parley.example',
    'GATEWAY_RELAY_ID=gw-1',
    'GATEWAY_RELAY_SECRET=s',
    'GATEWAY_RELAY_DELIVERY_KEY=d',
    'GATEWAY_RELAY_INSTANCE_ID=i-1',
    'GATEWAY_RELAY_PLATFORMS=telegram,discord',
    `GATEWAY_RELAY_BOT_IDS='{"telegram":{"botId":"7"},"discord":{"botId":"9"}}'`,
  ])
  expect(enrolmentLines('https://parley.example', 't')).toEqual([
    'GATEWAY_RELAY_URL=https://parley.example',
    'GATEWAY_RELAY_ENROLL_TOKEN=t',
  ])
})

it('the lines have room for one bot of each platform', () => {
  const [first, second, third] = [
    { platform: 'telegram', botId: '1' },
    { platform: 'discord', botId: '2' },
    { platform: 'telegram', botId: '3' },
  ] as const

  expect(leftOutNote([first, second, third])).toContain('leave out telegram:1.')
  expect(leftOutNote([second, third])).toBeUndefined()
})
