import type { Picture } from '../live/pictures.ts'
import { escapeHtml } from './escape-html.ts'

/** The live page as it was, or why it is not shown. */
export function picturesSection(pictures: readonly Picture[]): string {
  const figures = pictures.map(
    ({ caption, webp }) =>
      `<figure class="picture"><figcaption>${escapeHtml(caption)}</figcaption><img alt="The live page: ${escapeHtml(caption.toLowerCase())}" src="data:image/webp;base64,${webp}"></figure>`,
  )
  const body =
    figures.length > 0
      ? figures.join('')
      : '<p>The live page is not pictured: no Chromium was found. EVENKEEL_CHROMIUM may say where one is.</p>'
  return `<section><h2>The live page</h2>${body}</section>`
}
