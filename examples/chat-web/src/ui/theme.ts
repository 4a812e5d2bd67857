/** The system's, until the user has chosen. */
export type Theme = 'light' | 'dark'

const key = 'evenkeel chat theme'

/** Puts the user's choice back. */
export function initTheme(): void {
  const stored = localStorage.getItem(key)
  if (stored === 'light' || stored === 'dark') document.documentElement.dataset.theme = stored
}

/** What is shown. */
export function currentTheme(): Theme {
  const chosen = document.documentElement.dataset.theme as Theme | undefined
  return chosen ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')
}

/** Shows it from now on. */
export function chooseTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme
  localStorage.setItem(key, theme)
}
