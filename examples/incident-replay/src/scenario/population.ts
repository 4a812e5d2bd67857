/** One user's app: how often it calls, beside the others, and the channel it looks at. */
export interface Client {
  readonly id: string
  readonly activity: number
  readonly channel: number
}

/** Many look on, few write all day: shares of the users, and their activity beside the mean. */
export const userKinds = [
  { kind: 'light', share: 0.4, activity: 0.125 },
  { kind: 'regular', share: 0.5, activity: 0.9 },
  { kind: 'heavy', share: 0.1, activity: 5 },
] as const

/** Makes the users, in the shares of {@link userKinds}. */
export function population(count: number, channels: number): readonly Client[] {
  return Array.from({ length: count }, (_, index) => {
    const { kind, activity } = kindAt((index + 0.5) / count)
    return { id: `${kind}-${index + 1}`, activity, channel: index % channels }
  })
}

function kindAt(place: number): (typeof userKinds)[number] {
  let from = 0
  for (const user of userKinds) {
    from += user.share
    if (place < from) return user
  }
  return userKinds[2]
}
