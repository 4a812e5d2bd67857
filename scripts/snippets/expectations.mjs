// `// →` comments say what a line shows. This turns each into a check, without
// moving any code to another line.
import ts from 'typescript'

/** @import { Node, SourceFile, Statement } from 'typescript' */

/**
 * @typedef {object} Expectation
 * @property {number} line in the fence, from 1
 * @property {string} text
 * @property {boolean} printed whether it is looked for in the output as a whole
 */
/** @typedef {[position: number, length: number, text: string]} Edit */

const arrow = /\/\/ →\s*(.*)$/

/** @type {(code: string, name: string) => { code: string, expectations: Expectation[] }} */
export function instrument(code, name) {
  const file = ts.createSourceFile(name, code, ts.ScriptTarget.Latest, true)
  /** @type {Expectation[]} */
  const expectations = []
  /** @type {Edit[]} */
  const edits = []

  let start = 0
  for (const [index, line] of code.split('\n').entries()) {
    const [comment, text] = arrow.exec(line) ?? []
    if (comment !== undefined && text !== undefined) {
      const statement = statementBefore(file, start + line.indexOf(comment))
      const own = statement && editsFor(statement, `${expectations.length}`, text)
      if (own) edits.push(...own)
      expectations.push({ line: index + 1, text: text.trim(), printed: own === undefined })
    }
    start += line.length + 1
  }
  for (const [position, length, text] of edits.sort(([a], [b]) => b - a))
    code = code.slice(0, position) + text + code.slice(position + length)
  return { code, expectations }
}

/**
 * The innermost statement with nothing but space between its end and `position`.
 *
 * @type {(file: SourceFile, position: number) => Statement | undefined}
 */
function statementBefore(file, position) {
  /** @type {Statement | undefined} */
  let found
  /** @type {(node: Node) => void} */
  function visit(node) {
    const isStatement = ts.isExpressionStatement(node) || ts.isVariableStatement(node)
    const between = file.text.slice(node.getEnd(), position)
    if (isStatement && node.getEnd() <= position && /^[ \t;]*$/.test(between)) found = node
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

/** @type {(statement: Statement, id: string, text: string) => Edit[] | undefined} */
function editsFor(statement, id, text) {
  if (ts.isVariableStatement(statement)) {
    const [declaration, ...others] = statement.declarationList.declarations
    if (!declaration || others.length > 0 || !ts.isIdentifier(declaration.name)) return undefined
    return [[statement.getEnd(), 0, `; __shown.value(${id}, ${declaration.name.text})`]]
  }
  if (!ts.isExpressionStatement(statement)) return undefined
  const { expression } = statement
  if (ts.isCallExpression(expression) && expression.expression.getText() === 'console.log') {
    const { expression: callee } = expression
    return [[callee.getStart(), callee.getWidth(), `__shown.log(${id})`]]
  }
  const throws = text.startsWith('throws ') && ts.isSourceFile(statement.parent)
  const before = throws ? `await __shown.throws(${id}, async () => (` : `__shown.value(${id}, (`
  return [
    [expression.getStart(), 0, before],
    [expression.getEnd(), 0, '))'],
  ]
}
