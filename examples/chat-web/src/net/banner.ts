import type { HealthLevel, HealthState } from 'evenkeel'

/** What the banner says: how it is, and what that means for whoever writes. */
export interface Banner {
  readonly weather: HealthLevel
  readonly title: string
  readonly words: string
}

export interface BannerFacts {
  readonly isOnline: boolean
  /** Whether what is on its way survives the page. */
  readonly isKept: boolean
  readonly level: HealthLevel
  readonly reasons: HealthState['reasons']
  /** Messages that the server does not have yet. */
  readonly waiting: number
}

const leads: Readonly<Record<HealthState['reasons'][number]['kind'], string>> = {
  failures: 'Requests fail',
  limits: 'The server turns some away',
  retries: 'Much had to be tried again',
  circuit: 'The server is down',
  cooldown: 'The server asked for quiet',
  latency: 'Answers are slow',
  correlation: 'Several services fail together',
  hint: 'The server takes what matters most only',
}

/** What there is to tell; nothing while it is calm. */
export function bannerOf(facts: BannerFacts): Banner | undefined {
  const { isOnline, isKept, level, reasons, waiting } = facts
  if (!isOnline) {
    const words = isKept
      ? `${keptWords(waiting)} when you are online again.`
      : 'What you write goes when you are online again, if this page stays open till then.'
    return { weather: 'strained', title: 'Offline', words }
  }
  if (level !== 'calm') {
    // The worst is enough to know; the panel has the rest.
    const worst = reasons.find((reason) => reason.level === level) ?? reasons[0]
    const why = worst && reasonWords(worst)
    const then =
      level === 'storm'
        ? ` ${waiting > 0 ? `${keptWords(waiting)} ${byWords(waiting)}.` : 'What you write is kept till it is through.'} Typing is not told.`
        : waiting > 0
          ? ` ${keptWords(waiting)} ${byWords(waiting)}.`
          : ''
    const title = level === 'storm' ? 'Storm' : 'Strained'
    return { weather: level, title, words: `${why ?? 'It was worse a moment ago'}.${then}` }
  }
  if (!isKept && waiting > 0) {
    const words = 'This browser stores nothing: keep the page open until all is sent.'
    return { weather: 'strained', title: 'Not kept', words }
  }
  return undefined
}

/** A reason without the address it is about. */
function reasonWords({ kind, key, text }: HealthState['reasons'][number]): string {
  const figures =
    key !== undefined && text.startsWith(`${key}: `) ? text.slice(key.length + 2) : text
  return `${leads[kind]} (${figures})`
}

const keptWords = (waiting: number): string =>
  waiting === 0
    ? 'What you write is kept, and goes'
    : waiting === 1
      ? 'One message is kept, and goes'
      : `${waiting} messages are kept, and go`

const byWords = (waiting: number): string => (waiting === 1 ? 'by itself' : 'by themselves')
