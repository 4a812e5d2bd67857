/** Says `createClient` where `createFetch` refuses an option: who makes a client need not know of the other. */
export function inOwnName<T>(make: () => T): T {
  try {
    return make()
  } catch (error) {
    throw error instanceof RangeError
      ? new RangeError(error.message.replace(/^createFetch/, 'createClient'))
      : error
  }
}
