// What Node.js says of an import in a package whose type is commonjs.
throw new SyntaxError('Cannot use import statement outside a module')
