// What became of a session's webhooks. Ours, beside the contract.
import { sessionsErrors } from '../errors.js'
import type { WebhookDeliveryState } from '../protocol/index.js'
import type { SessionsService, WebhookDeliveryQuery } from '../service/port.js'
import { type Answer, done, ok } from './answer.js'
import type { Route } from './call.js'
import type { RouteContext } from './routes.js'

const states: readonly WebhookDeliveryState[] = ['waiting', 'sending', 'sent', 'dead']

export function webhookRoutes({ service }: RouteContext): Route[] {
  return [
    {
      method: 'GET',
      path: '/agents/:id/webhooks/deliveries',
      summary: 'Deliveries of webhooks, newest first',
      run: async ({ by, param, query }) =>
        ok({ deliveries: await webhooksOf(service).deliveries(by, param('id'), queryIn(query)) }),
    },
    {
      method: 'POST',
      path: '/agents/:id/webhooks/deliveries/:deliveryId/retry',
      summary: 'Send a delivery again that waits or was given up',
      run: async ({ by, param }): Promise<Answer> => {
        await webhooksOf(service).retry(by, param('id'), param('deliveryId'))
        return done
      },
    },
  ]
}

function webhooksOf({ webhooks }: SessionsService): NonNullable<SessionsService['webhooks']> {
  if (webhooks) return webhooks
  throw sessionsErrors.webhookNotFound()
}

function queryIn(query: URLSearchParams): WebhookDeliveryQuery {
  const state = query.get('state')
  const known = states.find((one) => one === state)
  if (state !== null && known === undefined) throw refuse(`'state' must be one of ${states.join(', ')}`)
  const before = numberIn(query, 'before')
  const limit = numberIn(query, 'limit')
  if (limit !== undefined && (limit < 1 || limit > 500)) throw refuse("'limit' must be from 1 to 500")
  return {
    ...(known && { state: known }),
    ...(before !== undefined && { before }),
    ...(limit !== undefined && { limit }),
  }
}

function numberIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw refuse(`'${name}' must be a whole number`)
}

const refuse = (message: string) => sessionsErrors.invalidRequest({ message })
