// architecture.md against the code: the rooms there are, and the tables that keep state.
import { existsSync, readdirSync } from 'node:fs';
import { codeIn, readDocument, readSources, rowsUnder } from './markdown.ts';

const architecture = readDocument('docs/architecture.md');

const isThere = (path: string): boolean => existsSync(`src/${path}.ts`) || existsSync(`src/${path}`);

test('every room of src that holds code has its row, and no other', () => {
  const rooms = readdirSync('src', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .filter((name) => readdirSync(`src/${name}`).length > 0);
  const told = rowsUnder(architecture, 'The rooms').flatMap(([first = '']) => codeIn(first));
  expect(told.toSorted()).toEqual([...rooms, 'migrations'].map((name) => `${name}/`).toSorted());
});

test('every table of the schema is told, and no other', () => {
  const tables = [...readSources('migrations').matchAll(/createTable\('(\w+)'/g)].map(([, name]) => name as string);
  const told = rowsUnder(architecture, 'Where state lives').flatMap(([first = '']) => codeIn(first));
  expect(told.toSorted()).toEqual(tables.toSorted());
});

test('every file that a picture or a text names is there', () => {
  const text = [
    ...architecture.blocks.map((block) => block.text),
    ...architecture.tables.flatMap((table) => table.rows.flat()),
  ];
  const named = text.join('\n').match(/\b(?:soap|operations|db|ledger)\/[a-z-]+(?=\s{2})/g) ?? [];
  expect(named.length).toBeGreaterThan(8);
  expect([...new Set(named)].filter((path) => !isThere(path))).toEqual([]);
});
