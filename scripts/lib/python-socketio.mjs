import { installDebian } from './debian.mjs'
import { run } from './run.mjs'

// The interop tests run Debian's Python with its python-socketio, and say so when it is not there.

/** Installs what the Python client needs where it is missing and this is a Debian system that we may change. */
export async function providePythonSocketIo() {
  const { code } = await run('/usr/bin/python3', ['-c', 'import socketio, requests, websocket'], {
    quiet: true,
  })
  if (code !== 0) await installDebian('python3-socketio', 'python3-requests', 'python3-websocket')
}
