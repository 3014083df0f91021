// The WSDL served is, byte for byte, what 1C would publish for the table of the contract; the generator that says so
// is itself proven on a sample of the form.
import { readFileSync } from 'node:fs';
import { formWsdl, parseTable } from './wsdl-form.ts';

const read = (path: string) => readFileSync(path, 'utf8');

test('the generator reproduces a sample of the form', () => {
  const table = parseTable(read('fixtures/soap-contract/sample.txt'));
  expect(formWsdl(table, '\n')).toBe(read('fixtures/wsdl/sample-1c.wsdl'));
});

test('the WSDL of the default contract has the form', () => {
  const table = parseTable(read('fixtures/soap-contract/default.txt'));
  const file = readFileSync('wsdl/default/KKMTransfer.wsdl');
  expect(file.toString('utf8')).toBe(formWsdl(table, '\r\n'));
  expect(Buffer.from(formWsdl(table, '\r\n'), 'utf8').equals(file)).toBe(true);
});

test('the table has every operation and type of the contract, and no type that nothing uses', () => {
  const { operations, types } = parseTable(read('fixtures/soap-contract/default.txt'));
  expect(operations).toHaveLength(15);
  const used = new Set(
    [
      ...operations.flatMap(({ parameters, results }) => [...parameters, ...results]),
      ...types.flatMap((type) => type.properties),
    ].map((property) => property.type),
  );
  const own = types.map((type) => type.name);
  expect(own.filter((name) => !used.has(name))).toEqual([]);
  expect([...used].filter((name) => /^[A-Z]/.test(name) && !own.includes(name))).toEqual([]);
});
