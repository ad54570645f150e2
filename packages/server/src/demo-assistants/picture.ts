import type { OpenAPIHono } from '@hono/zod-openapi'
import { answer, type DoorEnv } from '@parley/kernel/http'

/** Where the picture is that `guide` shows. */
export const picturePath = '/demo-assistants/picture.svg'

const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 270" role="img">
<title>People and assistants around one log</title>
<rect width="480" height="270" rx="16" fill="#f4f1ea"/>
<g fill="none" stroke="#8a8275" stroke-width="3"><path d="M120 80 L240 135 L120 190 M360 80 L240 135 L360 190"/></g>
<g fill="#2f6f62"><circle cx="120" cy="80" r="26"/><circle cx="120" cy="190" r="26"/></g>
<g fill="#c0653a"><rect x="334" y="54" width="52" height="52" rx="12"/><rect x="334" y="164" width="52" height="52" rx="12"/></g>
<g fill="#23302c"><rect x="190" y="105" width="100" height="14" rx="7"/><rect x="190" y="128" width="100" height="14" rx="7"/><rect x="190" y="151" width="64" height="14" rx="7"/></g>
</svg>
`

/** The picture, for anybody: rooms show pictures by their address, and `img` sends no credentials. */
export function addPicture(app: OpenAPIHono<DoorEnv>): void {
  app.get(picturePath, () =>
    answer(200, picture, {
      'content-type': 'image/svg+xml',
      'content-security-policy': "default-src 'none'",
      'cache-control': 'public, max-age=3600',
    }),
  )
}
