import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Answers whatever it is asked with a session's id; in `sh`, so that hundreds fit into a machine. */
const script = `#!/bin/sh
while read -r line; do
  case $line in *'"id":'*)
    id=\${line#*'"id":'}
    id=\${id%%[,\\}]*}
    printf '{"jsonrpc":"2.0","id":%s,"result":{"protocolVersion":1,"sessionId":"idle"}}\\n' "$id"
  esac
done
`

/** Writes a program into a folder. Answers its path. */
export async function writeProgram(folder: string, name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  await chmod(path, 0o755)
  return path
}

/** The program of an agent that does nothing. */
export const writeIdleAgent = (folder: string): Promise<string> => writeProgram(folder, 'idle-agent', script)
