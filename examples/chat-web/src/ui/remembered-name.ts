const key = 'evenkeel chat name'

/** Who was signed in here before the page was loaded again; each tab may be somebody else. */
export function rememberedName(): string {
  return sessionStorage.getItem(key) ?? ''
}

export function rememberName(name: string): void {
  sessionStorage.setItem(key, name)
}

export function forgetName(): void {
  sessionStorage.removeItem(key)
}
