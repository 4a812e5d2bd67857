/** How many bytes a text is sent as, in UTF-8; not every React Native has a `TextEncoder`. */
export function utf8Length(text: string): number {
  let bytes = text.length
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit <= 0x7f) continue
    bytes += unit > 0x7ff ? 2 : 1
    // A pair has four bytes in all. Half of one, alone, is sent as U+FFFD, which has three.
    if (unit >> 10 === 0x36 && text.charCodeAt(index + 1) >> 10 === 0x37) index++
  }
  return bytes
}
