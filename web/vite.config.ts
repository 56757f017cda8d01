import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Where `npm run dev` finds the server. */
const server = 'http://localhost:3000'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    // The policy of the server is `default-src 'self'`: nothing may become a data: address.
    assetsInlineLimit: 0,
  },
  server: {
    port: 5173,
    proxy: { '/api': server, '/v1': server, '/snippet.js': server },
  },
})
