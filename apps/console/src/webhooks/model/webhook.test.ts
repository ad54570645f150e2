import { describe, expect, it } from 'vitest'
import { parseAttempt, parseDelivery, parseWebhook } from './webhook.js'

describe('a webhook', () => {
  it('is read as the server sends it', () => {
    const wire = {
      id: 'wh_1',
      url: 'https://crm.example.com/parley',
      description: 'CRM',
      event_types: ['message'],
      tenant: { org: 'acme' },
      thread_id: null,
      is_enabled: false,
      disabled_reason: 'gone',
      failing_since: null,
      created_at: '2026-01-01T00:00:00Z',
    }

    expect(parseWebhook(wire)).toEqual({
      id: 'wh_1',
      url: 'https://crm.example.com/parley',
      description: 'CRM',
      eventTypes: ['message'],
      tenant: { org: 'acme' },
      roomId: null,
      isEnabled: false,
      disabledReason: 'gone',
      failingSince: null,
      createdAt: '2026-01-01T00:00:00Z',
    })
  })

  it('of all rooms is another than one of public rooms', () => {
    expect([parseWebhook({ tenant: null }).tenant, parseWebhook({ tenant: {} }).tenant]).toEqual([null, {}])
  })
})

it('a delivery that nobody tried has neither status nor error', () => {
  expect(parseDelivery({ id: 'dlv_1', state: 'waiting', attempts: 0, last_status: null })).toMatchObject({
    state: 'waiting',
    attempts: 0,
    lastStatus: null,
    lastError: null,
  })
})

it('an attempt that was answered has a status', () => {
  expect(parseAttempt({ number: 2, at: 'x', duration_ms: 12, status: 500, error: 'HTTP 500' })).toEqual({
    number: 2,
    at: 'x',
    durationMs: 12,
    status: 500,
    error: 'HTTP 500',
  })
})
