/** A text field of a form; empty where there is none. */
export function entry(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}
