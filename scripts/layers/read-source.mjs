// What a TypeScript file imports, re-exports and asks of the platform.
import { readFileSync } from 'node:fs'
import ts from 'typescript'

/**
 * @typedef {object} Found
 * @property {string} text the specifier, or the name of what is called
 * @property {number} line
 */
/**
 * @typedef {object} Source
 * @property {number} lines
 * @property {Found[]} imports
 * @property {Found[]} exportStars
 * @property {Found[]} calls of globals: `setTimeout`, `Date.now`, `new Date` without arguments
 */

/** @type {(path: string) => Source} */
export function readSource(path) {
  const text = readFileSync(path, 'utf8')
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest)
  /** @type {Source} */
  const source = {
    lines: text.trimEnd().split('\n').length,
    imports: [],
    exportStars: [],
    calls: [],
  }

  /** @type {(list: Found[], node: import('typescript').Node, text: string) => void} */
  function add(list, node, text) {
    const { line } = file.getLineAndCharacterOfPosition(node.getStart(file))
    list.push({ text, line: line + 1 })
  }
  /** @type {(node: import('typescript').Node | undefined) => void} */
  function addImport(node) {
    if (node && ts.isStringLiteralLike(node)) add(source.imports, node, node.text)
  }
  /** @type {(node: import('typescript').Node) => void} */
  function visit(node) {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      addImport(node.moduleSpecifier)
      if (ts.isExportDeclaration(node) && isStar(node))
        add(source.exportStars, node, node.getText(file))
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      addImport(node.argument.literal)
    } else if (ts.isCallExpression(node)) {
      const name = node.expression.getText(file).replace(/^(globalThis|window|self)\??\./, '')
      if (name === 'import' || name === 'require') addImport(node.arguments[0])
      else add(source.calls, node, name.replace('?.', '.'))
    } else if (ts.isNewExpression(node) && !node.arguments?.length) {
      add(source.calls, node, `new ${node.expression.getText(file)}`)
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return source
}

/** @type {(node: import('typescript').ExportDeclaration) => boolean} */
function isStar(node) {
  return node.exportClause === undefined || ts.isNamespaceExport(node.exportClause)
}
