// Names that are alike and mean another thing: what stands around a value, what the operation is about, what was recorded
// without a value, and codes that may be another base's.
import { rmSync } from 'node:fs';
import { loadContract } from '../../../src/soap/contract/contract.ts';
import { draftBinding, type ReportedLine } from '../../../src/soap/drafting/draft-binding.ts';
import type { Samples } from '../../../src/soap/drafting/draft-places.ts';
import { leastConfidence } from '../../../src/soap/drafting/proposal.ts';
import { makeContract } from '../binding/testing-contract.ts';

interface Drafted {
  readonly command: string | null;
  /** "reply return/Sum" -> the line; undefined if there is none. */
  readonly find: (line: string) => ReportedLine | undefined;
}

/** Of a WSDL with one operation. */
function draftOne(wsdl: string, samples: Samples = new Map()): Drafted {
  const folder = makeContract(wsdl, { operations: {} });
  const [operation] = draftBinding(folder, loadContract(folder).model, samples).operations;
  rmSync(folder, { recursive: true });
  return {
    command: operation!.command,
    find: (line) => operation!.lines.find((one) => `${one.side} ${one.line}` === line),
  };
}

const isDoubted = (line: ReportedLine | undefined): boolean => line!.confidence < leastConfidence;

test('a sum in the structure of what burns is what burns', () => {
  const { find } = draftOne(
    'operation GetCard(Till string, Card string) -> Card\n' +
      'type Card: Number string, Balance decimal, Expiring Expiring\n' +
      'type Expiring: Sum decimal, Date date',
  );
  expect([find('reply return/Expiring/Sum')?.from, find('reply return/Expiring/Date')?.from]).toEqual([
    'expiringBonus',
    'expiringAt',
  ]);
});

test('what was written off is not what is available', () => {
  const { find } = draftOne(
    'operation RegisterSale(Till string, Shift integer) -> Answer\ntype Answer: Code integer, BonusRedeemed decimal',
  );
  expect(find('reply return/BonusRedeemed')).toBeUndefined();
});

test('a first name beside a surname is not the whole name; the surname is doubted', () => {
  const person = 'operation GetCard(Till string, Card string) -> Card\ntype Card: Number string, Person Person\n';
  const whole = draftOne(`${person}type Person: Name string`);
  const apart = draftOne(`${person}type Person: Name string, LastName string`);
  expect([whole.find('reply return/Person/Name')?.from, whole.find('reply return/Person/LastName')]).toEqual([
    'holder',
    undefined,
  ]);
  const surname = apart.find('reply return/Person/LastName');
  expect([apart.find('reply return/Person/Name'), surname?.from, isDoubted(surname)]).toEqual([
    undefined,
    'holder',
    true,
  ]);
});

test('a bare number is of the thing that the operation is about', () => {
  const fields = '(Till string, Number string, Sum decimal) -> integer';
  const certificate = draftOne(`operation SellCertificate${fields}`);
  expect([certificate.command, certificate.find('request certificateNumber')?.from]).toEqual([
    'sellCertificate',
    'Number',
  ]);
  expect(certificate.find('request receiptNumber')).toBeUndefined();
  const receipt = draftOne(`operation RegisterReceipt${fields}`);
  expect(receipt.find('request receiptNumber')?.from).toBe('Number');
});

test('the number of a reserve is its operation, not a receipt', () => {
  const { find } = draftOne('operation СнятьРезерв(НомерРезерва string, Магазин string) -> boolean');
  expect([find('request operationId')?.from, find('request receiptNumber')]).toEqual(['НомерРезерва', undefined]);
});

test('an id is no figure', () => {
  const { find } = draftOne(
    'operation CardHistory(Card string) -> Rows\n' +
      'type Rows: Code integer, Rows Row*\ntype Row: Date dateTime, Kind string, Balance decimal, ReceiptId integer',
  );
  expect(find('reply return/Rows/Balance')).toBeDefined();
  expect(find('reply return/Rows/ReceiptId')).toBeUndefined();
});

test('a flag whose name says something else is not "offline"', () => {
  const receipt = 'operation RegisterReceipt(Till string, Training boolean) -> integer';
  expect(draftOne(receipt).find('request offline')?.transform).toBe('constant {"value":false}');
  const unknown = draftOne(receipt.replace('Training', 'Quux'));
  expect([unknown.find('request offline')?.from, isDoubted(unknown.find('request offline'))]).toEqual(['Quux', true]);
});

test.each([
  ['GetChangedCards', 'Card'],
  ['PoluchitIzmenennyeKarty', 'Karta'],
  ['ПолучитьИзмененияКарт', 'Карта'],
])('%s is the package for a till without a connection', (name, row) => {
  const { command, find } = draftOne(
    `operation ${name}(NodeCode string, LastPackage integer?) -> Rows\n` +
      `type Rows: ${row} ${row}*\ntype ${row}: Number string, Balance decimal, Updated dateTime`,
  );
  expect([command, find('request kkm')?.from, find(`reply return/${row}`)?.from]).toEqual([
    'getSyncPackage',
    'NodeCode',
    'cards',
  ]);
});

const confirm = 'operation ConfirmPackage(Till string?, Package integer) -> integer';

test.each<[string, readonly string[], number]>([
  ['none', [], 0.53],
  ['only 0', ['0', '0'], 0.82],
  ['codes that are known here', ['0', '11'], 0.96],
  ['a code that is not', ['0', '99'], 0.53],
])('a code that is answered as a number, recorded: %s', (_what, codes, confidence) => {
  const { find } = draftOne(confirm, new Map([['ConfirmPackageResponse/return', codes]]));
  expect(find('reply return')).toMatchObject({ from: 'code', transform: 'integer', confidence });
});

test('a needed value that was recorded empty is doubted, and says why', () => {
  const seen = draftOne(confirm, new Map([['ConfirmPackage/Till', ['K-01', '']]])).find('request kkm');
  expect([isDoubted(seen), seen?.reason]).toEqual([true, expect.stringContaining('recorded without a value too')]);
  const always = draftOne(confirm, new Map([['ConfirmPackage/Till', ['K-01']]])).find('request kkm');
  expect(isDoubted(always)).toBe(false);
});

function draftRows(row: string): Drafted {
  return draftOne(
    'operation GetSyncPackage(Till string) -> Rows\ntype Rows: Changed Row*\n' +
      `type Row: ${row}, Colour string, Weight decimal, Height decimal, Width decimal`,
  );
}

test('the only list of a reply is the list that the command answers, whatever else its rows have', () => {
  const known = draftRows('CardNumber string, Bonus decimal');
  expect([known.find('reply return/Changed')?.from, isDoubted(known.find('reply return/Changed'))]).toEqual([
    'cards',
    true,
  ]);
  expect(draftRows('Taste string').find('reply return/Changed')).toBeUndefined();
});

test('a sum of a movement, of which nothing more is said, is taken for its bonus and doubted', () => {
  const { find } = draftOne(
    'operation CardHistory(Card string) -> Rows\n' +
      'type Rows: Code integer, Rows Row*\ntype Row: Date dateTime, Kind string, Sum decimal',
  );
  const sum = find('reply return/Rows/Sum');
  expect([sum?.from, isDoubted(sum)]).toEqual(['bonus', true]);
});
