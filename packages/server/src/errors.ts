import { defineErrors } from '@parley/kernel/errors'

/** Refusals of the server itself. */
export const serverErrors = defineErrors('server', {
  linkUsed: { status: 403, message: 'This link was used already. Print a new one with `parley link`.' },
  linkUnknown: {
    status: 403,
    message: 'This link is unknown or too old. Print a new one with `parley link`.',
  },
  keyNotFound: { status: 404, message: 'There is no such key.' },
  portInUse: { status: 500, message: 'The port is taken by another program.' },
  cannotListen: { status: 500, message: 'Cannot listen on that address.' },
  notAServer: { status: 500, message: 'That process does not answer as this server.' },
  scopeTooWide: { status: 403, message: 'A key cannot make one that may do more than itself.' },
  unknownScope: { status: 400, message: 'There is no such scope.' },
  outsideTenant: { status: 403, message: 'A credential with a tenant gives nothing outside of it.' },
  reservedIdentity: { status: 400, message: 'That id belongs to the server itself, or to one of its keys.' },
  assistantIdentity: { status: 400, message: 'A token acts as a user or a system, never as an assistant.' },
})
