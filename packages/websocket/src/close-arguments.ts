import { byteLength } from './byte-length.ts'

/** Checks what `close` is given, as the platform does. @throws `InvalidAccessError`, `SyntaxError` */
export function checkCloseArguments(code: number | undefined, reason = ''): void {
  if (code !== undefined && code !== 1000 && !(code >= 3000 && code <= 4999))
    throw new DOMException(
      `websocket: code must be 1000 or from 3000 to 4999, got ${code}`,
      'InvalidAccessError',
    )
  if (byteLength(reason) > 123)
    throw new DOMException('websocket: reason must have at most 123 bytes', 'SyntaxError')
}
