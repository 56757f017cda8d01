// Runs before the first paint so that a dark page never flashes light. A file, because the content
// security policy allows no inline script.
try {
  var chosen = localStorage.getItem('mantine-color-scheme-value')
  var dark =
    chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
} catch {
  // Storage may be forbidden; the light scheme in the page then stands.
}
