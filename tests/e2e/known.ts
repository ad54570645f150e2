// What is known not to be proven yet. Both lists are data that a test holds to be true: an entry that has
// become untrue fails the run until it is deleted.

/** Checks of the compliance suite that our server is known to fail, each with the reason. */
export const knownFailures: Readonly<Record<string, string>> = {}

/** Requirements that no test proves yet, each with the reason. */
export const unproven: Readonly<Record<string, string>> = {
  'handshake.h24': 'the command line is not written yet',
  'handshake.h40': 'React components come later',
  'handshake.h41': 'links and QR codes come later',
  'handshake.h42': 'pairing comes later',
  'handshake.h43': 'pairing comes later',
  'handshake.h47': 'sealed prompts come later',
  'handshake.h48': 'sealed prompts come later',
  'handshake.h49': 'sealed prompts come later',
  'handshake.h50': 'sealed prompts come later',
  'handshake.h51': 'sealed prompts come later',
  'handshake.h52': 'sealed prompts come later',
  'handshake.h53': 'sealed prompts come later',
  'handshake.h54': 'pairing comes later',
  'handshake.h55': 'pairing comes later',
  'handshake.h56': 'pairing comes later',
  'handshake.h57': 'pairing comes later',
  'handshake.h58': 'pairing comes later',
  'handshake.h59': 'pairing comes later',
  'handshake.h60': 'pairing comes later',
  'sessions.s76': 'machines are not enrolled by a code yet; tokens and versions are tested',
}
