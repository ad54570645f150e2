/** A server that answers everything alike and remembers what it was asked. Undefined is answered with 204. */
export function fakeServer(
  answer: unknown,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
) {
  const server = {
    answer,
    asked: [] as string[],
    bodies: [] as unknown[],
    bearers: [] as (string | undefined)[],
    credentials: [] as (string | undefined)[],
    fetch: async (input: unknown, init: RequestInit = {}) => {
      server.asked.push(`${init.method} ${input}`)
      server.bodies.push(init.body === undefined ? undefined : JSON.parse(String(init.body)))
      server.bearers.push((init.headers as Record<string, string>).Authorization)
      server.credentials.push(init.credentials)
      if (server.answer === undefined) return new Response(null, { status: 204 })
      const text = typeof server.answer === 'string' ? server.answer : JSON.stringify(server.answer)
      return new Response(text, { status, headers })
    },
  }
  return server
}
