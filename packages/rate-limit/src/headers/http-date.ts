const IMF_OR_RFC_850 =
  /^[ \t]*[A-Z][a-z]{2,8}, ([ \d]\d)[ -]([A-Z][a-z]{2})[ -](\d{4}|\d\d) (\d\d:\d\d):(\d\d) GMT[ \t]*$/
const ASCTIME = /^[ \t]*[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) ([\d:]{8}) (\d{4})[ \t]*$/

/**
 * Reads the three forms of an HTTP-date, always UTC, as epoch milliseconds (RFC 9110 § 5.6.7).
 * A wrong weekday is overlooked; a day, month or hour that doesn't exist makes it `undefined`.
 *
 * @param nowMs - wall time in epoch milliseconds; it picks the century of a two-digit year, at most 50 years ahead
 */
export function httpDate(value: string | null | undefined, nowMs: number): number | undefined {
  if (!value || value.length > 64) return undefined
  const [, day, month, year = '', minute, second = ''] =
    IMF_OR_RFC_850.exec(value) ??
    IMF_OR_RFC_850.exec(value.replace(ASCTIME, 'Mon, $2 $1 $4 $3 GMT')) ??
    []
  const latest = new Date(nowMs).getUTCFullYear() + 50
  const fullYear = year.length > 2 ? year : latest - ((latest - +year) % 100)
  const text = `${day?.replace(' ', '0')} ${month} ${fullYear} ${minute}:`
  const date = new Date(`Mon, ${text}00 GMT`)
  // Engines roll 31 Feb over to March: only what reads back the same was a date. 60 is a leap second.
  return +second <= 60 && date.toUTCString().includes(text) ? +date + +second * 1000 : undefined
}
