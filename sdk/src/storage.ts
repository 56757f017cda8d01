/** What lies in the browser between two pages. Storage may be full, shut or absent: then nothing does. */

/** Bare calls throw where a browser shuts its storage; whoever asks then gets undefined. */
function attempt<Result>(action: () => Result): Result | undefined {
  try {
    return action()
  } catch {
    return undefined
  }
}

/** Undefined where there is nothing, or nothing that we wrote. */
export const read = (key: string): unknown =>
  attempt(() => JSON.parse(localStorage.getItem(key) ?? '') as unknown)

/** An undefined value removes what was there. */
export function write(key: string, value: unknown): void {
  attempt(() =>
    value === undefined
      ? localStorage.removeItem(key)
      : localStorage.setItem(key, JSON.stringify(value)),
  )
}

export const keys = (): string[] => attempt(() => Object.keys(localStorage)) ?? []

/** 400 days in seconds: the longest that browsers keep a cookie. */
const cookieAge = 34560000

export const readCookie = (name: string): unknown =>
  attempt(() => {
    const found = document.cookie.split('; ').find((cookie) => cookie.startsWith(`${name}=`))
    return JSON.parse(decodeURIComponent(found?.slice(name.length + 1) ?? '')) as unknown
  })

export function writeCookie(name: string, value: unknown, domain: string): void {
  const text = value === undefined ? '' : encodeURIComponent(JSON.stringify(value))
  const secure = location.protocol === 'https:' ? ';secure' : ''
  document.cookie = `${name}=${text};domain=${domain};path=/;max-age=${text ? cookieAge : 0};samesite=lax${secure}`
}
