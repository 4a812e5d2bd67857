import type { UserClass } from '@evenkeel/storm-lab'

/** One user's app: how often it calls, beside the others, and the channel it looks at. */
export interface Client {
  readonly id: string
  readonly activity: number
  readonly channel: number
}

/** Makes the users, in the shares of their classes. */
export function population(
  count: number,
  channels: number,
  classes: readonly UserClass[],
): readonly Client[] {
  return Array.from({ length: count }, (_, index) => {
    const { name, activity } = classAt((index + 0.5) / count, classes)
    return { id: `${name}-${index + 1}`, activity, channel: index % channels }
  })
}

function classAt(place: number, classes: readonly UserClass[]): UserClass {
  let from = 0
  const found = classes.find(({ ratio }) => {
    from += ratio
    return place < from
  })
  return (found ?? classes.at(-1)) as UserClass
}
