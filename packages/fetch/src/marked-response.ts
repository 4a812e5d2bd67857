/** Marks an answer that this side has made. Let the mark be registered, so that two copies of this package agree. */
export function markResponse(response: Response, mark: symbol): void {
  Object.defineProperty(response, mark, { value: true })
}

/** Whether an answer is marked so. */
export function responseMark(response: Response, mark: symbol): boolean {
  return mark in response
}
