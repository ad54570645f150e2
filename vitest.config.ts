import { defineConfig } from 'vitest/config'

// Tests run on the TypeScript sources of every workspace (`@parley/source`), so that a change in the
// kernel is seen by a plane's tests without a build. Child processes and workers run the build.
const source = ['@parley/source', 'module', 'node', 'development|production']
const slow = { testTimeout: 60_000, hookTimeout: 120_000 }

// `npm run test:long` runs the soaks and long loops instead of everything else.
const isLong = process.env.PARLEY_LONG === '1'
const ending = isLong ? '.long.test' : '.test'
const never = ['**/node_modules/**', '**/dist/**', '**/.cache/**']

export default defineConfig({
  ssr: { resolve: { conditions: source } },
  test: {
    ...slow,
    ...(isLong && { testTimeout: 1_800_000 }),
    include: [
      `packages/*/src/**/*${ending}.{ts,tsx}`,
      `tests/**/*${ending}.ts`,
      `apps/*/src/**/*${ending}.{ts,tsx}`,
      `bench/**/*${ending}.ts`,
    ],
    exclude: isLong ? never : [...never, '**/*.long.test.ts'],
    globalSetup: ['scripts/vitest-postgres.ts'],
    pool: 'forks',
    maxWorkers: 2,
  },
})
