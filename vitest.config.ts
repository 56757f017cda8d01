import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{src,test,sdk,demo,web}/**/*.test.ts'],
    setupFiles: ['test/fixed-seed.ts'],
    globalSetup: ['src/store/testing-setup.ts'],
    testTimeout: 90_000,
    hookTimeout: 120_000,
  },
})
