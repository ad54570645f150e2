/** A request as the other side saw it. */
export type Asked = { url: string; method: string; headers: Headers; body: string; redirect: string }

/** A network edge that answers as it is told, and keeps what was asked. */
export function fakeFetch(answer: (asked: Asked) => Response | Promise<Response>) {
  const asked: Asked[] = []
  const fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const request = new Request(input, init)
    const one = {
      url: request.url,
      method: request.method,
      headers: request.headers,
      body: await request.text(),
      redirect: request.redirect,
    }
    asked.push(one)
    return answer(one)
  }
  return { asked, fetch }
}

export const json = (body: unknown, status = 200): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
