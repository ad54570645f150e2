import { RequestError } from '@agentclientprotocol/sdk'
import type { Word } from '../turn.js'

/** Ends that are not the usual one. */
export const ending: Record<string, Word> = {
  crash: { takes: '', does: 'exits with code 7', run: async () => process.exit(7) },
  die: {
    takes: '',
    does: 'ends itself with SIGKILL',
    run: async () => {
      process.kill(process.pid, 'SIGKILL')
      // The signal arrives when it does; nothing may be answered until then.
      return new Promise(() => undefined)
    },
  },
  fail: {
    takes: '',
    does: 'answers with a JSON-RPC error',
    run: async () => {
      throw new RequestError(-32000, 'The demo agent failed, as it was told to.', { word: 'fail' })
    },
  },
  refuse: {
    takes: '',
    does: 'refuses to go on',
    run: async (turn) => {
      await turn.say('I would rather not.')
      return 'refusal'
    },
  },
}
