// fidelity.md and its parts: every operation and field of the WSDL is there once, with its type and a mark of evidence, and
// nothing else is; every rule of the wire is there, and every test that is named exists.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { loadContract } from '../../src/soap/contract/contract.ts';
import { isComplex, type Field } from '../../src/soap/contract/schema.ts';
import { codeIn, joinDocuments, readDocument, rowsUnder } from './markdown.ts';

const { model } = loadContract('wsdl/default');
const parts = readdirSync('docs/fidelity').toSorted();
const files = ['docs/fidelity.md', ...parts.map((part) => `docs/fidelity/${part}`)];
const fidelity = joinDocuments(files);
const text = files.map((file) => readFileSync(file, 'utf8')).join('\n');
const mark = /^(?:documented|observed|assumed)$/;

function describeType({ type, optional, nillable, repeated }: Field): string {
  const name = isComplex(type) ? `[${type.name}](#${type.name.toLowerCase()})` : type.kind;
  if (repeated) return `${name}, any number`;
  return name + (optional && nillable ? ', optional' : nillable ? ', nillable' : '');
}

test.each(model.operations)('$name has its section, mark and parts', ({ name, request, response }) => {
  const section = text.split(`\n### ${name}\n`)[1] ?? '';
  expect(section.trimStart()).toMatch(/^Evidence: (?:documented|observed|assumed)\. /);
  const expected = [
    ...request.type.fields.map((field) => ['request', `\`${request.element}.${field.name}\``, describeType(field)]),
    ...response.type.fields.map((field) => ['reply', `\`${response.element}.${field.name}\``, describeType(field)]),
  ];
  const rows = rowsUnder(fidelity, name);
  expect(rows.map((row) => row.slice(0, 3))).toEqual(expected);
  for (const row of rows) expect(row[3]).toMatch(mark);
});

test.each([...model.types.values()])('every field of $name, in the order of the schema', ({ name, fields }) => {
  const rows = rowsUnder(fidelity, name);
  expect(rows.map((row) => row.slice(0, 2))).toEqual(
    fields.map((field) => [`\`${name}.${field.name}\``, describeType(field)]),
  );
  for (const [, , evidence = '', today = ''] of rows) {
    expect(evidence).toMatch(mark);
    expect(today).not.toBe('');
  }
});

test('every operation and type has one section in all the parts, and every part is linked', () => {
  const names = [...model.operations.map(({ name }) => name), ...model.types.keys()];
  expect(names.filter((name) => fidelity.headings.filter((heading) => heading === name).length !== 1)).toEqual([]);
  const linked = readDocument('docs/fidelity.md').links.filter((link) => link.startsWith('fidelity/'));
  expect([...new Set(linked)].toSorted()).toEqual(parts.map((part) => `fidelity/${part}`));
});

test('nothing is there that is not in the WSDL', () => {
  const known = new Set([...model.operations.map(({ name }) => name), ...model.types.keys()]);
  const fieldForm = /^[A-Z]\w+\.\w+$/;
  const strangers = fidelity.tables
    .filter(({ rows }) => rows.some((row) => row.some((cell) => codeIn(cell).some((word) => fieldForm.test(word)))))
    .map(({ heading }) => heading)
    .filter((heading) => !known.has(heading));
  expect(strangers).toEqual([]);
});

const rules = { N: 35, W: 13, R: 9, A: 5, F: 4, H: 6, C: 5 } as const;

test('every rule of billing and of the wire is there once, with a mark', () => {
  const rows = fidelity.tables.filter(({ titles }) => titles[0] === 'rule').flatMap((table) => table.rows);
  const numbered = rows.filter((row) => /^[A-Z]\d+$/.test(row[0] ?? ''));
  const expected = Object.entries(rules).flatMap(([letter, count]) =>
    Array.from({ length: count }, (_, index) => `${letter}${index + 1}`),
  );
  expect(numbered.map((row) => row[0])).toEqual(expected);
  for (const row of numbered) expect(row[2]).toMatch(/^(?:documented|observed|assumed)(?:; .* assumed)?$/);
});

test('the words of the night are there as its source has them', () => {
  for (const words of [
    'Каждая операция биллинга по начислению на дисконтную карту фиксируется в оборотном регистре',
    'с датами списания более чем текущая дата',
    'Если сальдо по карте больше, чем найденная сумма по регистру, то разница списывается',
    'для тех дисконтных карт, по которым подошел срок начисления',
  ]) {
    expect(text).toContain(words);
  }
});

test('every test named is there', () => {
  const named = text.match(/test\/[\w/.-]+\.ts/g) ?? [];
  expect(named.length).toBeGreaterThan(40);
  expect([...new Set(named)].filter((file) => !existsSync(file))).toEqual([]);
});
