// Type-checks all fences in one program, the way a strict project would.
import ts from 'typescript'

/** @typedef {{ path: string, place: (line: number) => string }} Typed */

/** @type {import('typescript').CompilerOptions} */
const options = {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  moduleDetection: ts.ModuleDetectionKind.Force,
  // Only for programs of this workspace, which are sources without a build.
  allowImportingTsExtensions: true,
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  erasableSyntaxOnly: true,
  skipLibCheck: true,
  noEmit: true,
  types: ['node'],
}

/** @type {(folder: string, files: Typed[]) => string[]} */
export function checkTypes(folder, files) {
  const host = ts.createCompilerHost(options)
  host.getCurrentDirectory = () => folder
  const program = ts.createProgram({ rootNames: files.map(({ path }) => path), options, host })
  const global = program.getOptionsDiagnostics().map(({ messageText }) => flatten(messageText))
  return global.concat(
    files.flatMap(({ path, place }) => {
      const file = program.getSourceFile(path)
      if (!file) return [`${place(1)}: not in the program`]
      const found = [
        ...program.getSyntacticDiagnostics(file),
        ...program.getSemanticDiagnostics(file),
      ]
      return found.map(({ start = 0, code, messageText }) => {
        const { line } = file.getLineAndCharacterOfPosition(start)
        return `${place(line + 1)}: TS${code} ${flatten(messageText)}`
      })
    }),
  )
}

/** @type {(text: string | import('typescript').DiagnosticMessageChain) => string} */
function flatten(text) {
  return ts.flattenDiagnosticMessageText(text, '\n  ')
}
