// Settings and commands: the tables of the documents and those of the code are the same, both ways.
import { configTable } from '../../src/config.ts';
import { settingTable, type Setting } from '../../src/ledger/settings.ts';
import { listCommands } from './kkm-help.ts';
import { codeIn, readDocument, rowsUnder, type Document } from './markdown.ts';

const settings = readDocument('docs/settings.md');
const readmes = [readDocument('README.md'), readDocument('README.ru.md')];
const documents = [settings, ...readmes].map((document) => [document.file, document] as const);

/** First cell and default of each row of the tables whose first cell is one piece of code of that form. */
function listNamed(document: Document, form: RegExp): (readonly [name: string, fallback: string])[] {
  return document.tables.flatMap(({ titles, rows }) => {
    if (titles[1] !== 'default' && titles[1] !== 'по умолчанию') return [];
    return rows.flatMap(([first = '', fallback = '']) => {
      const name = /^`([^`]+)`$/.exec(first)?.[1];
      return name !== undefined && form.test(name) ? [[name, codeIn(fallback)[0] ?? ''] as const] : [];
    });
  });
}

describe.each(documents)('%s', (_, document) => {
  test('has every setting of the process with its default, and no other', () => {
    const known = Object.entries(configTable).map(([name, { fallback }]) => [`KKM_${name}`, fallback ?? '']);
    const documented = listNamed(document, /^KKM_/);
    expect(Object.fromEntries(documented)).toEqual({ ...Object.fromEntries(known), KKM_ADMIN_USER: 'admin' });
    expect(documented).toHaveLength(known.length);
  });

  test('has every setting of an infobase with its default, and no other', () => {
    const known = Object.entries(settingTable).map(([name, { fallback }]) => [name, fallback]);
    const documented = listNamed(document, /^[a-z]/);
    expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(known));
    expect(documented).toHaveLength(known.length);
  });

  test('names no variable that does not exist', () => {
    const texts = document.tables.flatMap(({ rows }) => rows.flat()).join(' ');
    const named = [...texts.matchAll(/KKM_[A-Z_]+/g)].map(([name]) => name.slice(4));
    expect(named.filter((name) => name !== 'NAME' && !Object.hasOwn(configTable, name))).toEqual([]);
  });
});

test('what people read about a setting has no marks of evidence: those are on the fidelity pages', () => {
  const texts = [...Object.values(configTable), ...Object.values(settingTable)].map(({ about }) => about);
  expect(texts.length).toBeGreaterThan(20);
  expect(texts.filter((text) => /\b(?:SEED|DECIDED|SOURCE)\b|\[U\]|\([A-Z]\d+\)/.test(text))).toEqual([]);
});

test('settings.md has the values that each setting of an infobase takes', () => {
  for (const [first = '', , values = ''] of rowsUnder(settings, 'Settings of an infobase')) {
    const name = codeIn(first)[0] ?? '';
    const { expected } = (settingTable as Readonly<Record<string, Setting>>)[name] as Setting;
    const documented = expected.startsWith('one of') ? `one of: ${codeIn(values).join(', ')}` : values;
    expect([name, documented]).toEqual([name, expected.replace('a whole number from ', '')]);
  }
});

/** "`kkm user add, list`" -> "user add", "user list". */
function listDocumented(document: Document, heading: string): string[] {
  return rowsUnder(document, heading).flatMap(([first = '']) => {
    const [, command, rest] = /^`kkm (\w+)(?: ([\w, -]+))?`$/.exec(first) ?? [];
    if (command === undefined) throw new Error(`${document.file}: ${first} is not a command`);
    return rest === undefined ? [command] : rest.split(', ').map((part) => `${command} ${part}`);
  });
}

test.each([
  ['docs/commands.md', 'Commands'],
  ['README.md', 'Commands'],
  ['README.ru.md', 'Команды'],
])('%s has every command, and no other', async (file, heading) => {
  const known = await listCommands();
  expect(known.length).toBeGreaterThan(10);
  expect(listDocumented(readDocument(file), heading).toSorted()).toEqual(known.toSorted());
});
