/**
 * A cell of a CSV file that a spreadsheet will show and not run: text that begins like a formula gets
 * a quote sign before it (OWASP, CSV injection), also in its full-width forms.
 */
export function csvCell(value: string): string {
  const safe = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(value) ? `'${value}` : value
  return /[",\r\n']|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}
