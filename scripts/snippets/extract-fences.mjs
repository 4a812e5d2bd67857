// The code fences of a Markdown file.

/**
 * @typedef {object} Fence
 * @property {string} file from the root
 * @property {number} line of the fence's first line of code
 * @property {string} language
 * @property {string} note what follows the language: `no-run needs a browser`
 * @property {string} code
 */

/** @type {(file: string, markdown: string) => Fence[]} */
export function extractFences(file, markdown) {
  /** @type {Fence[]} */
  const fences = []
  /** @type {{ mark: string, indent: string, fence: Fence, code: string[] } | undefined} */
  let open
  for (const [index, line] of markdown.split('\n').entries()) {
    const [, indent = '', mark = '', info = ''] = /^([\s>]*)(`{3,}|~{3,})(.*)$/.exec(line) ?? []
    if (open && mark.startsWith(open.mark) && info.trim() === '') {
      open.fence.code = open.code.join('\n')
      fences.push(open.fence)
      open = undefined
    } else if (open) {
      open.code.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line.trim())
    } else if (mark) {
      const [language = '', ...note] = info.trim().split(/\s+/)
      const fence = { file, line: index + 2, language, note: note.join(' '), code: '' }
      open = { mark, indent, fence, code: [] }
    }
  }
  if (open) throw new Error(`${file}:${open.fence.line - 1}: this fence is never closed`)
  return fences
}
