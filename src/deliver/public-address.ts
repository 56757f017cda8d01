/**
 * Which addresses a webhook may reach: those of the internet, unless the operator says otherwise. A name
 * is looked at when the connection is made, with the address that is connected to, so a name that
 * answers differently the second time gains nothing.
 */
import { lookup, type LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { RapportError } from '../domain/error.ts'

/** Global unicast; what is mapped, tunnelled or translated to IPv4 is none of it. */
export function isPublic(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast'
}

export interface AddressRule {
  readonly allowPrivate: boolean
}

/** @throws `invalid_request` with what to do, where nothing may be sent there whatever its name leads to */
export function checkedAddress(text: string, { allowPrivate }: AddressRule): URL {
  const fail = (why: string): never => {
    throw new RapportError('invalid_request', why)
  }
  const url = URL.parse(text) ?? fail(`${text} is no address. Give one such as https://example.com/hook.`) // prettier-ignore
  if (!['https:', 'http:'].includes(url.protocol)) fail('A webhook has an http or https address.')
  if (url.username !== '' || url.password !== '') {
    fail('Leave user and password out: the signature says who sends it.')
  }
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (!allowPrivate && isIP(host) !== 0 && !isPublic(host)) fail(notPublic(host))
  return url
}

const notPublic = (address: string): string =>
  `${address} is not an address of the internet. An operator can allow it by WEBHOOK_ALLOW_PRIVATE.`

/** As `dns.lookup`, but gives addresses of the internet only. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    if (error) return callback(error, [])
    const allowed = found.filter(({ address }) => isPublic(address))
    const [first] = allowed
    if (first === undefined) {
      const refused: NodeJS.ErrnoException = new RapportError('forbidden', notPublic(hostname))
      return callback(refused, [])
    }
    return options.all === true
      ? callback(null, allowed as LookupAddress[])
      : callback(null, first.address, first.family)
  })
}
