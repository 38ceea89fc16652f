import { join } from 'node:path';
import ts from 'typescript';

const options = {
  strict: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.Preserve,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: [],
};

/** Compiles what a generator wrote, from these entry points. Returns the errors of the compiler. */
export function compile(folder, entries) {
  const program = ts.createProgram(
    entries.map((entry) => join(folder, entry)),
    options,
  );
  const diagnostics = ts.getPreEmitDiagnostics(program);
  const host = { getCanonicalFileName: String, getCurrentDirectory: () => folder, getNewLine: () => '\n' };
  return { program, errors: diagnostics.length === 0 ? [] : [ts.formatDiagnostics(diagnostics, host)] };
}

/** The names that a file exports, whichever file declares them. */
export function exportedNames(program, file) {
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(file));
  return checker.getExportsOfModule(module).map(({ name }) => name);
}

/** The names of the properties of a type in a file: of `components.schemas`, for example. */
export function propertyNames(program, file, [typeName, ...path]) {
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(file));
  const symbol = checker.getExportsOfModule(module).find(({ name }) => name === typeName);
  const type = path.reduce(
    (outer, name) => checker.getTypeOfSymbol(outer.getProperty(name)),
    checker.getDeclaredTypeOfSymbol(symbol),
  );
  return type.getProperties().map(({ name }) => name);
}
