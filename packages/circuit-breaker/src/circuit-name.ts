/** Under which name the circuit of a key's critical calls is kept; that of its others has the key itself. */
export function criticalName(key: string): string {
  return `${key} critical`
}
