const words: Readonly<Record<string, string>> = {
  'relay.gateway.enrolled': 'Gateway enrolled',
  'relay.gateway.provisioned': 'Gateway provisioned',
  'relay.gateway.rotated': 'Secret rotated',
  'relay.gateway.revoked': 'Gateway revoked',
  'relay.instance.changed': 'Agent changed',
  'relay.instance.deprovisioned': 'Agent removed',
  'relay.link.bound': 'Person linked',
  'relay.link.unbound': 'Link ended',
  'relay.scope.claimed': 'Chat granted',
  'relay.scope.released': 'Chat released',
  'relay.policy.set': 'Policy set',
  'relay.bot.added': 'Bot added',
  'relay.bot.changed': 'Bot changed',
  'relay.bot.removed': 'Bot removed',
  'relay.receipt.retried': 'Sent again',
}

/** What was changed; a type that is not known as it is. */
export const changeWords = (type: string): string => words[type] ?? type

/** `gatewayId gw-1 · platform telegram`. */
export const detailWords = (detail: Readonly<Record<string, unknown>>): string =>
  Object.entries(detail)
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' · ')
