// A program for the terminal of an agent: prints numbered lines until a file is there. Argument: the path of the file.
import { existsSync } from 'node:fs'

const stopFile = process.argv[2]!
let n = 0
const timer = setInterval(() => {
  if (existsSync(stopFile)) clearInterval(timer)
  else process.stdout.write(`tick ${++n}\n`)
}, 3)
