// The architecture against the tree: the layers there are, the tables that keep state, and every cell of the map of subjects,
// both ways.
import { existsSync, readdirSync } from 'node:fs';
import { listCommands } from './kkm-help.ts';
import { codeIn, joinDocuments, listDocuments, readDocument, readSources, rowsUnder } from './markdown.ts';

const architecture = readDocument('docs/architecture.md');
const parts = readdirSync('docs/architecture').toSorted();
const whole = joinDocuments(['docs/architecture.md', ...parts.map((part) => `docs/architecture/${part}`)]);

const listFolders = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && readdirSync(`${folder}/${entry.name}`).length > 0)
    .map(({ name }) => name);

const isThere = (path: string): boolean => existsSync(`src/${path}.ts`) || existsSync(`src/${path}`);

const tables = [...readSources('migrations').matchAll(/createTable\('(\w+)'/g)].map(([, name]) => name as string);

test('every layer of src has its row, and no other', () => {
  const documented = rowsUnder(architecture, 'Layers').flatMap(([first = '']) => codeIn(first));
  expect(documented.toSorted()).toEqual([...listFolders('src'), 'migrations'].map((name) => `${name}/`).toSorted());
});

test('every table of the schema is explained once, and no other', () => {
  const state = readDocument('docs/architecture/state.md');
  const documented = rowsUnder(state, 'Where state lives').flatMap(([first = '']) => codeIn(first));
  expect(documented.toSorted()).toEqual(tables.toSorted());
});

test('every folder or file that a picture or a text names is there', () => {
  const text = [...whole.blocks.map((block) => block.text), ...whole.tables.flatMap((table) => table.rows.flat())];
  const named = text.join('\n').match(/\b(?:soap|operations|db|ledger|jobs)\/[a-z-]+(?=\s{2}|: |$)/gm) ?? [];
  expect(named.length).toBeGreaterThan(10);
  expect([...new Set(named)].filter((path) => !isThere(path))).toEqual([]);
});

test('every part of the architecture is linked', () => {
  const linked = architecture.links.filter((link) => link.startsWith('architecture/'));
  expect([...new Set(linked)].toSorted()).toEqual(parts.map((part) => `architecture/${part}`));
});

describe('the map of the subjects', () => {
  const rows = rowsUnder(architecture, 'Map of the subjects');
  const subjects = rows.map(([subject = '']) => subject);
  const [folders, commands, mappedTables, tests] = [1, 2, 3, 4].map((column) =>
    rows.flatMap((row) => codeIn(row[column] ?? '')),
  ) as [string[], string[], string[], string[]];
  const links = architecture.tables
    .filter(({ heading }) => heading === 'Map of the subjects')
    .flatMap((table) => table.rows)
    .flatMap((row) => Array.from((row[5] ?? '').matchAll(/\]\(([^)]+)\)/g), ([, target]) => target as string));

  test('has no empty subject, and no cell that it cannot read', () => {
    expect(new Set(subjects).size).toBe(subjects.length);
    for (const [subject = '', ...cells] of rows) {
      expect([subject, cells.length]).toEqual([subject, 5]);
      for (const cell of cells.slice(0, 4))
        expect([subject, cell.replace(/`[^`]+`/g, '').trim()]).toEqual([subject, '']);
      expect([subject, codeIn(cells[0] ?? '').length > 0, codeIn(cells[3] ?? '').length > 0]).toEqual([
        subject,
        true,
        true,
      ]);
    }
  });

  test('names folders that are there, each with tests', () => {
    expect(folders.filter((folder) => !existsSync(`src/${folder}`))).toEqual([]);
    expect(tests.filter((folder) => !existsSync(folder))).toEqual([]);
  });

  test('has a row for every subject of the operations, in their folders', () => {
    const known = listFolders('src/operations');
    expect(known.length).toBeGreaterThan(8);
    expect(known.filter((subject) => !subjects.includes(subject))).toEqual([]);
    for (const subject of known) {
      const row = rows.find(([first]) => first === subject) ?? [];
      const own = ['operations', 'db', 'commands', 'jobs'].filter((layer) => existsSync(`src/${layer}/${subject}`));
      expect([subject, codeIn(row[1] ?? '')]).toEqual([subject, own.map((layer) => `${layer}/${subject}`)]);
      const ownTests = own.map((layer) => `test/${layer}/${subject}`).filter((folder) => existsSync(folder));
      expect([subject, codeIn(row[4] ?? '')]).toEqual([subject, ownTests]);
    }
  });

  test('leaves out no folder of src and no folder of its tests', () => {
    const inSrc = listFolders('src').flatMap((layer) => [
      layer,
      ...listFolders(`src/${layer}`).map((name) => `${layer}/${name}`),
    ]);
    expect(inSrc.filter((folder) => !folders.includes(folder))).toEqual([]);
    expect(
      inSrc.map((folder) => `test/${folder}`).filter((folder) => existsSync(folder) && !tests.includes(folder)),
    ).toEqual([]);
  });

  test('has every command of kkm, and no other', async () => {
    const known = [...new Set((await listCommands()).map((command) => command.split(' ')[0] ?? ''))];
    expect(known.length).toBeGreaterThan(15);
    expect([...new Set(commands)].toSorted()).toEqual(known.toSorted());
  });

  test('has every table of the schema once, and no other', () => {
    expect(mappedTables.toSorted()).toEqual(tables.toSorted());
  });

  test('has every page of docs but the decisions', () => {
    const pages = listDocuments()
      .filter((file) => file.startsWith('docs/') && !file.startsWith('docs/adr/'))
      .map((file) => file.slice('docs/'.length));
    expect([...new Set(links)].toSorted()).toEqual(pages.toSorted());
  });
});
