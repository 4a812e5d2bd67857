import { existsSync } from 'node:fs'

/** Where Chromium and its kin are on Linux and macOS. */
const usualPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** Gives the path of a Chromium: that of `EVENKEEL_CHROMIUM`, or the first of the usual ones; `undefined` for none. */
export function findChromium(
  wanted: string | undefined,
  exists: (path: string) => boolean = existsSync,
): string | undefined {
  return (wanted ? [wanted] : usualPaths).find(exists)
}
