import { useState } from 'preact/hooks'
import { MoonIcon, SunIcon } from './icons.tsx'
import { chooseTheme, currentTheme } from './theme.ts'

/** Changes between light and dark. */
export function ThemeToggle() {
  const [theme, setTheme] = useState(currentTheme)
  const other = theme === 'dark' ? 'light' : 'dark'
  const label = `Use ${other} colours`
  return (
    <button
      class="plain"
      type="button"
      aria-label={label}
      title={label}
      onClick={() => {
        chooseTheme(other)
        setTheme(other)
      }}
    >
      {theme === 'dark' ? <SunIcon /> : <MoonIcon />}
    </button>
  )
}
