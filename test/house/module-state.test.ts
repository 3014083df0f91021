// Nothing in src changes at module level: two services in one process, and all the test files that share the sources of one
// worker (test/shared-runtime.cjs), must not see each other. A map that only remembers what its key alone determines may stay.
import { parseSync } from '@swc/core';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The names of variables at the top level of a source that can be given another value. */
function findVariables(source: string, isTsx = false): string[] {
  const { body } = parseSync(source, { syntax: 'typescript', tsx: isTsx, target: 'es2022' });
  return body.flatMap((item) => {
    const declared = item.type === 'ExportDeclaration' ? item.declaration : item;
    if (declared.type !== 'VariableDeclaration' || declared.kind === 'const') return [];
    return declared.declarations.map(({ id }) => (id.type === 'Identifier' ? id.value : id.type));
  });
}

test('a variable is found at the top level alone', () => {
  expect(findVariables('let count = 0;\nexport let [first] = [1];\nexport const limit = 3;')).toEqual([
    'count',
    'ArrayPattern',
  ]);
  expect(findVariables('export function sum() {\n  let count = 0;\n  return count;\n}')).toEqual([]);
});

test('src has none', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
  expect(files.length).toBeGreaterThan(100);
  const found = files.flatMap((file) =>
    findVariables(readFileSync(join('src', file), 'utf8'), file.endsWith('.tsx')).map((name) => `${file}: ${name}`),
  );
  expect(found).toEqual([]);
});
