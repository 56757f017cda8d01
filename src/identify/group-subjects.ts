/** Groups what links connect: lists of subjects, each in one list. */
export function groupSubjects(
  subjects: readonly string[],
  links: readonly { readonly a: string; readonly b: string }[],
): string[][] {
  const neighbours = new Map<string, string[]>()
  for (const { a, b } of links) {
    neighbours.set(a, [...(neighbours.get(a) ?? []), b])
    neighbours.set(b, [...(neighbours.get(b) ?? []), a])
  }
  const seen = new Set<string>()
  const groups: string[][] = []
  for (const start of subjects) {
    if (seen.has(start)) continue
    const group: string[] = []
    const open = [start]
    seen.add(start)
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      group.push(at)
      for (const next of neighbours.get(at) ?? []) {
        if (seen.has(next)) continue
        seen.add(next)
        open.push(next)
      }
    }
    groups.push(group)
  }
  return groups
}
