import { resolve } from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig, type Plugin } from 'vite'

const root = import.meta.dirname
const server = process.env.PARLEY_URL ?? 'http://127.0.0.1:7420'

/** In development the demo page answers at `/demo`, as the server does it. */
const demoAtDemo: Plugin = {
  name: 'demo-at-demo',
  configureServer({ middlewares }) {
    middlewares.use((request, _response, next) => {
      if (request.url?.split('?')[0] === '/demo') request.url = '/demo.html'
      next()
    })
  },
}

export default defineConfig({
  root,
  plugins: [tailwindcss(), demoAtDemo],
  // The browser client is bundled from its sources, so the console needs no build of another package.
  resolve: { conditions: ['@parley/source', 'module', 'browser', 'development|production'] },
  build: {
    target: ['chrome123', 'safari17.5', 'firefox128'],
    // The content security policy allows files of our own only: nothing becomes a data: address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: resolve(root, 'index.html'), demo: resolve(root, 'demo.html') },
      // 'use client' means something to servers that render React; here it is noise of every component.
      onLog: (level, log, report) => log.code !== 'MODULE_LEVEL_DIRECTIVE' && report(level, log),
    },
  },
  server: {
    proxy: {
      '/parley': { target: server, changeOrigin: true },
      '/handshake': { target: server, changeOrigin: true },
      '/acp': { target: server, changeOrigin: true },
      '/demo-assistants': { target: server, changeOrigin: true },
      '/socket.io': { target: server, changeOrigin: true, ws: true },
      '/ws': { target: server, changeOrigin: true, ws: true },
    },
  },
})
