/** Lines of cells as a table: names to the left, numbers to the right. */
export function sayTable(lines: readonly (readonly string[])[]): string {
  const width = Math.max(0, ...lines.map((line) => line.length))
  const widths = Array.from({ length: width }, (_, i) =>
    Math.max(...lines.map((line) => line[i]?.length ?? 0)),
  )
  return lines
    .map((line) =>
      line
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Six digits, without zeros at the end; a dash where there is nothing. */
export function sayNumber(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : String(Number(value.toPrecision(6)))
}

/** A p value: no more digits than anybody can use. */
export function sayChance(p: number): string {
  return p < 0.0001 ? '< 0.0001' : p.toFixed(4)
}
