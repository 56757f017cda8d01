import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{src,test,sdk,demo,web}/**/*.test.ts'],
    setupFiles: ['test/fixed-seed.ts'],
    globalSetup: ['src/store/testing-setup.ts'],
    // As many files at once as there are processors: vitest leaves one free, and of two that is half.
    maxWorkers: '100%',
    testTimeout: 90_000,
    hookTimeout: 120_000,
  },
})
