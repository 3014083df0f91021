// The WSDLs served are, byte for byte, what 1C would publish for the tables of the contracts; the generator that says so
// is itself proven on a sample of the form.
import { readdirSync, readFileSync } from 'node:fs';
import { formWsdl, parseTable } from './wsdl-form.ts';

const read = (path: string) => readFileSync(path, 'utf8');

test('the generator reproduces a sample of the form', () => {
  const table = parseTable(read('fixtures/soap-contract/sample.txt'));
  expect(formWsdl(table, '\n')).toBe(read('fixtures/wsdl/sample-1c.wsdl'));
});

const shipped = [
  ['default', 'KKMTransfer.wsdl'],
  ['flat-cyrillic', 'bonus-service.wsdl'],
  ['xml-in-string', 'cash-gate.wsdl'],
] as const;

test('every folder of wsdl/ is looked at', () => {
  expect(readdirSync('wsdl').toSorted()).toEqual(shipped.map(([folder]) => folder));
});

test.each(shipped)('the WSDL of %s has the form', (folder, name) => {
  const table = parseTable(read(`fixtures/soap-contract/${folder}.txt`));
  const file = readFileSync(`wsdl/${folder}/${name}`);
  expect(file.toString('utf8')).toBe(formWsdl(table, '\r\n'));
  expect(Buffer.from(formWsdl(table, '\r\n'), 'utf8').equals(file)).toBe(true);
});

test('the table of the default contract has every operation', () => {
  expect(parseTable(read('fixtures/soap-contract/default.txt')).operations).toHaveLength(15);
});

test.each(shipped)('the table of %s has every type that it uses, and no type that nothing uses', (folder) => {
  const { operations, types } = parseTable(read(`fixtures/soap-contract/${folder}.txt`));
  const used = new Set(
    [
      ...operations.flatMap(({ parameters, results }) => [...parameters, ...results]),
      ...types.flatMap((type) => type.properties),
    ].map((property) => property.type),
  );
  const own = types.map((type) => type.name);
  expect(own.filter((name) => !used.has(name))).toEqual([]);
  expect([...used].filter((name) => /^\p{Lu}/u.test(name) && !own.includes(name))).toEqual([]);
});

test.each(shipped)('parameters of %s are never left out: only properties of types are (wire W10)', (folder) => {
  const { operations } = parseTable(read(`fixtures/soap-contract/${folder}.txt`));
  const all = operations.flatMap(({ parameters, results }) => [...parameters, ...results]);
  expect(all.filter(({ mark }) => mark === '?' || mark === '*')).toEqual([]);
});
