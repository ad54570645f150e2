import { expect, it } from 'vitest'
import { botsLeftOut, enrolmentEnvironment, gatewayEnvironment } from './gateway-environment.js'

it('a gateway reads who it is', () => {
  const bots = [
    { platform: 'telegram', botId: '7' },
    { platform: 'discord', botId: '9' },
  ]

  expect(
    gatewayEnvironment('https://parley.example', {
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
  expect(enrolmentEnvironment('https://parley.example', 't')).toEqual([
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

  expect(botsLeftOut([first, second, third])).toEqual([first])
  expect(botsLeftOut([second, third])).toEqual([])
})
