import { ApiProblem } from '../api.ts'

/**
 * Sends a file for import. `fetch` cannot tell how much of a body has left, so this is the one place
 * that uses the older request object. The mapping goes first: the server needs it to read the file.
 */
export function upload(
  body: { file: File; mapping: string },
  onSent: (bytes: number) => void,
): Promise<void> {
  const form = new FormData()
  form.set('mapping', body.mapping)
  form.set('file', body.file, body.file.name)
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const request = new XMLHttpRequest()
  request.open('POST', '/api/imports')
  request.setRequestHeader('accept', 'application/json')
  request.responseType = 'json'
  request.upload.addEventListener('progress', (event) => onSent(event.loaded))
  request.addEventListener('load', () => {
    if (request.status < 300) resolve()
    else reject(problemOf(request.status, request.response))
  })
  request.addEventListener('error', () => {
    reject(
      new ApiProblem(0, 'unreachable', 'The connection broke before the file was through.', ''),
    )
  })
  request.send(form)
  return promise
}

function problemOf(status: number, body: unknown): ApiProblem {
  const field = (name: string): string => {
    const value = typeof body === 'object' && body !== null ? Reflect.get(body, name) : null
    return typeof value === 'string' ? value : ''
  }
  const title = field('title') || `The server answered ${status}.`
  return new ApiProblem(status, field('code'), title, field('detail'))
}
