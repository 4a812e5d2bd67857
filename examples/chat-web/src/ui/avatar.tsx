import type { User } from '../chat/model.ts'

/** A hue for each user, the same on every page. */
function hueOf(text: string): number {
  let hash = 5
  for (const character of text) hash = (hash * 131 + (character.codePointAt(0) ?? 0)) % 65_537
  return (hash * 137) % 360
}

/** The first letter of a name, on the user's colour. */
export function Avatar({ user }: { user: User }) {
  const [initial = '?'] = user.name
  return (
    <span class="avatar" style={{ '--hue': hueOf(user.name) }} aria-hidden="true">
      {initial.toUpperCase()}
    </span>
  )
}
