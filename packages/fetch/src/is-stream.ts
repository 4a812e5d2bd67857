/** Strings, buffers, Blobs, forms and parameters can be read again; what is read by pulling can't. */
export function isStream(body: unknown): boolean {
  return (
    typeof body === 'object' &&
    body !== null &&
    ('getReader' in body || Symbol.asyncIterator in body || 'pipe' in body)
  )
}
