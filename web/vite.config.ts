import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** Where `npm run dev` finds the server. */
const server = 'http://localhost:3000'

const packable = new Set(['.js', '.css', '.svg', '.html'])

/** Packs each file once, here, as small as it gets; the server then only hands it out. */
function packOnce(): Plugin {
  return {
    name: 'pack-once',
    apply: 'build',
    writeBundle({ dir = '' }) {
      for (const file of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
        if (!packable.has(extname(file))) continue
        const plain = readFileSync(join(dir, file))
        const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY }
        writeFileSync(join(dir, `${file}.br`), brotliCompressSync(plain, { params: quality }))
        writeFileSync(join(dir, `${file}.gz`), gzipSync(plain, { level: 9 }))
      }
    },
  }
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), packOnce()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    // The policy of the server is `default-src 'self'`: nothing may become a data: address.
    assetsInlineLimit: 0,
  },
  server: {
    port: 5173,
    proxy: { '/api': server, '/v1': server, '/rapport.js': server },
  },
})
