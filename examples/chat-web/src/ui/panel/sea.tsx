import type { Weather } from '../../net/panel/headline.ts'

/** One period of a wave, `width` long, repeated over the picture and one period more. */
function wave(width: number, height: number, level: number): string {
  const half = width / 2
  const periods = Math.ceil(480 / width) + 1
  const curve = `q${half / 2} ${-height} ${half} 0t${half} 0`
  return `M0 ${level}${curve.repeat(periods)}V140H0z`
}

/** The sea as it is, and a boat that stays level on it. */
export function Sea({ weather }: { weather: Weather }) {
  return (
    <svg
      class="sea"
      data-weather={weather}
      viewBox="0 0 400 120"
      preserveAspectRatio="xMidYMax slice"
      aria-hidden="true"
    >
      <defs>
        <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" class="sky-top" />
          <stop offset="1" class="sky-bottom" />
        </linearGradient>
      </defs>
      <rect width="400" height="120" fill="url(#sky)" />
      <circle class="sun" cx="318" cy="42" r="17" />
      <path
        class="rain"
        d="M40 8l-10 26M92 2 78 38M150 6l-9 24M214 0l-14 36M262 8l-9 24M330 2l-13 34M384 8l-9 24"
      />
      <g class="swell">
        <g class="drift back">
          <path d={wave(160, 13, 84)} />
        </g>
      </g>
      <g class="lift">
        <g class="boat">
          <path class="hull" d="M164 79h72l-11 17h-48z" />
          <path class="keel" d="M192 96h18l-5 13h-8z" />
          <path class="mast" d="M200 30v49" />
          <path class="sail" d="M203 32q24 20 25 42h-25z" />
          <path class="sail small" d="M197 42q-18 14-20 32h20z" />
        </g>
      </g>
      <g class="swell">
        <g class="drift middle">
          <path d={wave(120, 12, 93)} />
        </g>
      </g>
      <g class="swell">
        <g class="drift front">
          <path d={wave(200, 14, 103)} />
        </g>
      </g>
    </svg>
  )
}
