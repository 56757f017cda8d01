import { existsSync } from 'node:fs'
import { extname, join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { RapportError } from '../../domain/error.ts'
import { sendProblem } from './problem-answers.ts'

const notBuiltPage = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Rapport</title>
<body style="font: 16px/1.5 system-ui; max-width: 36rem; margin: 4rem auto; padding: 0 1rem">
<h1>The web app is not built yet</h1>
<p>The server runs and takes touchpoints. To see the app, run <code>npm run build</code> once in the
folder of Rapport and load this page again.</p>
<p>The API is described at <a href="/docs/">/docs</a>.</p></body></html>
`

/** Vite names these files by their content, so a browser may keep them for ever. */
const hashed = /[/\\]assets[/\\]/

function wantsPage(request: FastifyRequest): boolean {
  const path = request.url.split('?', 1)[0] ?? '/'
  return (
    (request.method === 'GET' || request.method === 'HEAD') &&
    (request.headers.accept ?? '').includes('text/html') &&
    !/^\/(api|v1|beacon)(\/|$)/.test(path) &&
    extname(path) === ''
  )
}

function sendPage(reply: FastifyReply, folder: string): FastifyReply {
  reply.header('cache-control', 'no-cache')
  if (existsSync(join(folder, 'index.html'))) return reply.sendFile('index.html')
  return reply.code(503).type('text/html; charset=utf-8').send(notBuiltPage)
}

/** Serves the built web app from `folder`; every page of it is the same document. */
export async function serveWebApp(app: FastifyInstance, folder: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: folder,
    index: false,
    cacheControl: false,
    // The build lays a packed copy beside each file.
    preCompressed: true,
    setHeaders: (response, path) => {
      const keep = hashed.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache'
      response.header('cache-control', keep)
    },
    // The folder may be built while the server runs.
    suppressWarning: true,
  })
  app.get('/', { schema: { hide: true } }, async (_request, reply) => sendPage(reply, folder))
  app.setNotFoundHandler((request, reply) => {
    if (wantsPage(request)) return sendPage(reply, folder)
    return sendProblem(reply, new RapportError('not_found'))
  })
}
