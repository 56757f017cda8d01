import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'sdk/**/*.test.ts', 'demo/**/*.test.ts'],
    globalSetup: ['src/store/testing-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
