/** The origin of a URL as it was given; remembers the last, since most apps talk to one. */
export function originReader(): (url: string) => string {
  let last = ''
  return (url) => {
    if (last && url.startsWith(last) && url[last.length] === '/') return last
    try {
      last = new URL(url, globalThis.location?.href).origin
      return last
    } catch {
      // The platform's fetch says it better.
      return 'invalid'
    }
  }
}
