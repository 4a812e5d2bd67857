/** What says the same, if it is an object: absent and `undefined` fields are alike. */
function parts(value: object): [string, unknown][] {
  return Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Whether two values say the same, all the way down. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false
  if (Array.isArray(a) !== Array.isArray(b) || ArrayBuffer.isView(a) !== ArrayBuffer.isView(b))
    return false
  const [ofA, ofB] = [parts(a), parts(b)]
  return (
    ofA.length === ofB.length &&
    ofA.every(([key, value], index) => key === ofB[index]?.[0] && same(value, ofB[index]?.[1]))
  )
}
