/**
 * Days since 1970 of a date written as 1997-01-31 or 19970131, whatever time of day follows; null
 * where it is none. The date counts as it is written: the zone of the shop, not ours.
 */
export function dayOfText(text: string): number | null {
  const parts = /^(\d{4})(-?)(\d{2})\2(\d{2})(?:[T ].*)?$/.exec(text.trim())
  if (!parts) return null
  const [year, month, date] = [Number(parts[1]), Number(parts[3]), Number(parts[4])]
  const at = new Date(Date.UTC(year, month - 1, date))
  const same = at.getUTCMonth() === month - 1 && at.getUTCDate() === date
  return same ? at.getTime() / 86_400_000 : null
}
