import {
  countOf,
  type Outcome,
  type Outcomes,
  outcomesAt,
  windowSeconds,
} from '../../net/panel/outcomes.ts'

const kinds: readonly (readonly [Outcome, string])[] = [
  ['answered', 'answered'],
  ['refused', 'refused'],
  ['failed', 'no answer'],
]

const height = 56
const step = 6
const barWidth = 4
/** A lone attempt is not as tall as the picture. */
const leastPeak = 4

/** How the attempts of the last minute ended, second by second. */
export function OutcomeChart({ outcomes, nowMs }: { outcomes: Outcomes; nowMs: number }) {
  const { seconds } = outcomesAt(outcomes, nowMs)
  const totals = seconds.map(({ answered, refused, failed }) => answered + refused + failed)
  const scale = height / Math.max(leastPeak, ...totals)
  const first = windowSeconds - seconds.length
  const counts = kinds.map(([kind, name]) => [kind, name, countOf(outcomes, kind, nowMs)] as const)
  const summary = counts.map(([, name, count]) => `${count} ${name}`).join(', ')

  return (
    <section class="card chart" aria-label="Attempts of the last minute">
      <div class="card-head">
        <h3>Attempts, last minute</h3>
        <ul class="legend">
          {counts.map(([kind, name, count]) => (
            <li key={kind} data-outcome={kind}>
              <i aria-hidden="true" />
              {count} {name}
            </li>
          ))}
        </ul>
      </div>
      <svg
        viewBox={`0 0 ${windowSeconds * step} ${height + 1}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`In the last minute: ${summary}`}
      >
        <path class="axis" d={`M0 ${height + 0.5}H${windowSeconds * step}`} />
        {seconds.map((second, index) => {
          let top = height
          return kinds.map(([kind]) => {
            const tall = second[kind] * scale
            if (tall === 0) return null
            top -= tall
            return (
              <rect
                key={`${index} ${kind}`}
                data-outcome={kind}
                x={(first + index) * step + 1}
                y={top}
                width={barWidth}
                height={tall}
              />
            )
          })
        })}
      </svg>
      <p class="chart-ends" aria-hidden="true">
        <span>60 s ago</span>
        <span>now</span>
      </p>
    </section>
  )
}
