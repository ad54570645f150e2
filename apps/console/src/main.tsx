// Entry of the console: theme first, so that nothing flashes, then the app.

import './no-eval.js'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createQueries } from './api/queries.js'
import { createConsoleRouter } from './router.js'
import { meKey } from './shell/session.js'
import './styles/index.css'
import { applyTheme, readTheme } from './theme/theme.js'

const memory = () => window.localStorage
applyTheme(readTheme(memory), document.documentElement, memory)

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={createQueries(meKey)}>
      <RouterProvider router={createConsoleRouter()} />
    </QueryClientProvider>
  </StrictMode>,
)
