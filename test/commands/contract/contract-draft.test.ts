// `kkm contract draft`: what is proposed with recordings and without, what is left out and why, and that no recorded value is
// ever shown.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTestingLine, type TestingLine } from '../testing-io.ts';
import { makeContract } from '../../soap/binding/testing-contract.ts';

interface Drafted {
  readonly ok: boolean;
  readonly message?: string;
  readonly binding: {
    readonly tables?: object;
    readonly requests: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    readonly operations: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
  readonly operations: readonly {
    readonly operation: string;
    readonly command: string | null;
    readonly problems: readonly string[];
    readonly unplacedFields: readonly string[];
    readonly unplacedPlaces: readonly string[];
    readonly lines: readonly { readonly line: string; readonly confidence: number; readonly reason: string }[];
  }[];
  readonly incomplete: readonly string[];
  readonly unboundCommands: readonly string[];
  readonly doubts: readonly string[];
}

const table =
  'operation ЗарегистрироватьЧек(Касса string, Смена integer, НомерЧека integer, ДатаЧека string, ВремяЧека string, ' +
  'НомерДисконтнойКарты string, ТипОперации string, СуммаЧека integer, СуммаСоСкидкой integer, НачисленоБонусов integer, ' +
  'СписаноБонусов integer, ВнеСети string, Погода string) -> КодОтвета\n' +
  'operation ПолучитьОстатки(Склад string) -> string\n' +
  'operation ПодтвердитьПакет(КодКассы string) -> КодОтвета\n' +
  'operation ПродатьСертификат(Касса string, Смена integer, НомерЧека integer, ДатаЧека dateTime, НомерСертификата string, ' +
  'Сумма decimal) -> Остаток\n' +
  'type КодОтвета: Код string, Описание string\n' +
  'type Остаток: Остаток decimal';

const cards = ['2900000000017', '2900000000024'];
const request = (card: string, kind: string, sum: string) =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><ЗарегистрироватьЧек xmlns="urn:test">` +
  `<Касса>K-01</Касса><Смена>12</Смена><НомерЧека>7</НомерЧека><ДатаЧека>22.11.2026</ДатаЧека>` +
  `<ВремяЧека>14:05:00</ВремяЧека><НомерДисконтнойКарты>${card}</НомерДисконтнойКарты><ТипОперации>${kind}</ТипОперации>` +
  `<СуммаЧека>${sum}</СуммаЧека><СуммаСоСкидкой>${sum}</СуммаСоСкидкой><НачисленоБонусов>0</НачисленоБонусов>` +
  `<СписаноБонусов>0</СписаноБонусов><ВнеСети>Н</ВнеСети><Погода>Иванов Иван</Погода></ЗарегистрироватьЧек></s:Body></s:Envelope>`;
const reply =
  `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><ЗарегистрироватьЧекResponse xmlns="urn:test">` +
  `<return><Код>УСПЕХ</Код><Описание>Карта ${cards[0]} принята</Описание></return></ЗарегистрироватьЧекResponse></s:Body></s:Envelope>`;

let line: TestingLine;
let folder: string;
let recordings: string;
beforeEach(() => {
  line = openTestingLine();
  folder = makeContract(table, { operations: {} });
  rmSync(join(folder, 'binding.json'));
  recordings = mkdtempSync(join(tmpdir(), 'kkm-recordings-'));
  mkdirSync(join(recordings, 'till-1'));
  writeFileSync(join(recordings, 'till-1', '01-a.xml'), request(cards[0]!, 'Продажа', '150000'));
  writeFileSync(join(recordings, 'till-1', '02-b.xml'), request(cards[1]!, 'Возврат', '4990'));
  writeFileSync(join(recordings, 'till-1', '02-b.reply.xml'), reply);
  writeFileSync(join(recordings, 'broken.xml'), '<a>');
});
afterEach(async () => {
  await line.close();
  for (const made of [folder, recordings]) rmSync(made, { recursive: true });
});

const draftJson = async (...args: readonly string[]) =>
  (await line.runJson('contract', 'draft', folder, ...args)) as Drafted;

test('recordings show the form of dates, kopecks, words of kinds, flags and codes', async () => {
  const { binding, operations } = await draftJson('--recordings', recordings);
  const [receipt] = operations;
  expect([receipt?.operation, receipt?.command, receipt?.problems]).toEqual([
    'ЗарегистрироватьЧек',
    'registerReceipt',
    [],
  ]);
  const shape = binding.operations['ЗарегистрироватьЧек']?.request as readonly string[];
  expect(binding.requests[shape[2]!]).toEqual({
    kind: ['ТипОперации', 'table', 'receiptKinds'],
    kkm: ['Касса', 'requiredText'],
    shiftNumber: ['Смена', 'count'],
    receiptNumber: ['НомерЧека', 'count'],
    receiptAt: [['ДатаЧека', 'ВремяЧека'], 'requiredMoment', { form: 'DD.MM.YYYY HH:mm:ss' }],
    cardNumber: ['НомерДисконтнойКарты', 'requiredText'],
    sumKopecks: ['СуммаЧека', 'money', { unit: 'hundredths' }],
    sumWithDiscountKopecks: ['СуммаСоСкидкой', 'money', { unit: 'hundredths' }],
    bonusAccruedKopecks: ['НачисленоБонусов', 'money', { unit: 'hundredths' }],
    bonusRedeemedKopecks: ['СписаноБонусов', 'money', { unit: 'hundredths' }],
    offline: ['', 'constant', { value: false }],
  });
  expect(binding.tables).toMatchObject({
    receiptKinds: { Продажа: 'Sale', Возврат: 'Return' },
    resultCodes: { УСПЕХ: 0, ERROR: '*' },
  });
  expect(receipt?.unplacedPlaces).toEqual(['request ВнеСети', 'request Погода']);
  expect(receipt?.unplacedFields).toEqual(
    expect.arrayContaining(['field original', 'field lines', 'answer bonusBalance']),
  );
});

test('what is incomplete is in the file as far as it goes, with what is missing; what no command fits is not', async () => {
  const { ok, binding, operations, incomplete, unboundCommands } = await draftJson();
  const names = ['ЗарегистрироватьЧек', 'ПодтвердитьПакет', 'ПродатьСертификат'];
  expect([ok, Object.keys(binding.operations), incomplete]).toEqual([false, names, ['ПодтвердитьПакет']]);
  const shape = binding.operations['ПодтвердитьПакет']?.request as readonly string[];
  expect(binding.requests[shape[2]!]).toEqual({ kkm: ['КодКассы', 'requiredText'] });
  expect(operations.map(({ operation, command, problems }) => [operation, command, problems])).toEqual([
    ['ЗарегистрироватьЧек', 'registerReceipt', []],
    ['ПолучитьОстатки', null, [expect.stringMatching(/^no command fits its name/)]],
    ['ПодтвердитьПакет', 'confirmSyncPackage', ['no place was found for version, which the command needs']],
    ['ПродатьСертификат', 'sellCertificate', []],
  ]);
  expect(unboundCommands).toContain('getSyncPackage');
  // A command that is proposed for an operation is not missing, whatever is missing to the operation.
  for (const named of ['confirmSyncPackage', 'sellCertificate']) expect(unboundCommands).not.toContain(named);
});

test('--complete leaves out what is incomplete', async () => {
  const { binding, incomplete } = await draftJson('--complete');
  expect([Object.keys(binding.operations), incomplete]).toEqual([['ЗарегистрироватьЧек', 'ПродатьСертификат'], []]);
  const { code, err } = await line.run('contract', 'draft', folder, '--complete');
  expect([code, err.at(-2)]).toEqual([1, 'not in the file, for something is missing to them: ПодтвердитьПакет']);
});

test('a reply without a place for a code answers refusals as faults, and says so', async () => {
  const { binding, operations } = await draftJson();
  expect(binding.operations['ПродатьСертификат']).toMatchObject({ faults: 'refusals' });
  const sold = operations.find(({ operation }) => operation === 'ПродатьСертификат');
  expect(sold?.lines.map(({ line: name }) => name)).toContain('faults');
});

test('what the proposal lacks is named by the check', async () => {
  const out = join(folder, 'binding.json');
  const drafted = await line.run('contract', 'draft', folder, '--recordings', recordings, '--out', out);
  expect([drafted.code, drafted.out]).toEqual([1, [`written to ${out}`]]);
  const checked = await line.run('contract', 'check', folder);
  expect([checked.code, checked.err]).toEqual([
    1,
    [`kkm contract check: ${folder}: 1 mistake, 1 operation without an answer`],
  ]);
  expect(checked.out).toContain(
    '      binding.json: ПодтвердитьПакет: request: version: the command needs it: give its place, or a constant',
  );
});

test('the proposal is standard output, the report standard error, and its last line says whether a person has to look', async () => {
  const { code, out, err } = await line.run('contract', 'draft', folder);
  expect(code).toBe(1);
  const { operations, confidence } = JSON.parse(out.join('\n')) as { operations: object; confidence?: unknown };
  expect([Object.keys(operations).length, confidence]).toEqual([3, undefined]);
  const marked = err.filter((text) => text.startsWith('  LOOK ')).length;
  expect(err.slice(-2)).toEqual([
    'the file does not load yet, for something is missing to: ПодтвердитьПакет; kkm contract check lists it',
    `kkm contract draft: ${folder}: a person has to look: 1 operation of 4 with something missing, 1 operation without a command, ${marked} lines marked LOOK (below 0.6)`,
  ]);
  expect(err.some((text) => /^ {2}LOOK 0\.\d\d request receiptAt <- ДатаЧека \+ ВремяЧека/.test(text))).toBe(true);
});

test('a draft that is sure of every line ends with 0', async () => {
  const own = makeContract('operation ConfirmPackage(Till string, PackageNumber integer) -> integer', {
    operations: {},
  });
  const confirmed = mkdtempSync(join(tmpdir(), 'kkm-recordings-'));
  for (const code of [0, 11]) {
    writeFileSync(
      join(confirmed, `${code}.xml`),
      `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><ConfirmPackageResponse xmlns="urn:test">` +
        `<return>${code}</return></ConfirmPackageResponse></s:Body></s:Envelope>`,
    );
  }
  const { code, out, err } = await line.run('contract', 'draft', own, '--recordings', confirmed);
  for (const made of [own, confirmed]) rmSync(made, { recursive: true });
  expect([code, err.at(-1)]).toEqual([0, '1 operation bound, every line with confidence 0.6 or more']);
  expect(Object.keys((JSON.parse(out.join('\n')) as { operations: object }).operations)).toHaveLength(1);
});

test('of the WSDL that ships only the codes are doubted: no recording says whose they are', async () => {
  const { err } = await line.run('contract', 'draft', 'wsdl/default', '--recordings', 'fixtures/recordings');
  const marked = err.filter((text) => text.startsWith('  LOOK '));
  expect(marked.length).toBeGreaterThan(0);
  for (const text of marked) expect(text).toMatch(/ResultCode <- code integer .*no code is recorded/);
});

test('no recorded value is shown', async () => {
  const said = [
    await line.run('contract', 'draft', folder, '--recordings', recordings),
    await line.run('contract', 'draft', folder, '--recordings', recordings, '--json'),
  ];
  for (const { out, err } of said) {
    const text = [...out, ...err].join('\n');
    for (const secret of [...cards, 'Иванов', 'K-01', '150000'])
      expect([secret, text.includes(secret)]).toEqual([secret, false]);
  }
  expect(said[0]?.err[0]).toMatch(/^skipped kkm-recordings-\w+\/broken\.xml: not XML: /);
});

test('a file that is there is not written over', async () => {
  const out = join(folder, 'mine.json');
  writeFileSync(out, 'mine');
  const { code, err } = await line.run('contract', 'draft', folder, '--out', out);
  expect([code, err.at(-1)]).toEqual([1, `kkm contract draft: ${out} is there already: --out writes a new file only`]);
  expect(readFileSync(out, 'utf8')).toBe('mine');
});

test.each([
  ['no folder', ['no-such-folder'], 1, 'kkm contract draft: there is no folder no-such-folder'],
  [
    'no recordings',
    ['wsdl/default', '--recordings', 'no-such-folder'],
    1,
    'kkm contract draft: there is no folder no-such-folder',
  ],
  [
    'recordings without envelopes',
    ['wsdl/default', '--recordings', 'docs/adr'],
    1,
    'kkm contract draft: docs/adr: expected recorded envelopes, *.xml',
  ],
  ['nothing', [], 2, 'kkm contract draft: DIR is missing'],
])('%s', async (_what, args, exitCode, told) => {
  const { code, err } = await line.run('contract', 'draft', ...args);
  expect([code, err[0]]).toEqual([exitCode, told]);
  expect(existsSync('no-such-folder')).toBe(false);
});
