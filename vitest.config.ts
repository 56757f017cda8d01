import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{src,test,sdk,demo,web}/**/*.test.ts'],
    globalSetup: ['src/store/testing-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
