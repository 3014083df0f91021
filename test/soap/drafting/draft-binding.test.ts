// A draft of a WSDL whose binding is known, compared with that binding line by line.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseBindingFile, type BindingFile, type RuleText } from '../../../src/soap/binding/binding-file.ts';
import { loadContract } from '../../../src/soap/contract/contract.ts';
import { draftBinding } from '../../../src/soap/drafting/draft-binding.ts';
import type { Samples } from '../../../src/soap/drafting/draft-places.ts';
import { makeContract } from '../binding/testing-contract.ts';

const nothing: Samples = new Map();
type Side = 'requests' | 'replies';

/** Every line of an operation, shapes opened: "request lines/sumKopecks" -> what stands there. */
function openLines(file: BindingFile, name: string, showsTransforms: boolean): Map<string, string> {
  const lines = new Map<string, string>();
  const open = (side: Side, [from, transform, option]: RuleText, path: string): void => {
    const shape = typeof option === 'object' ? option.shape : option;
    // A request's place, and a reply's value, stand first in a rule.
    const what = showsTransforms ? JSON.stringify([from, transform, openTable(file, option)]) : JSON.stringify(from);
    if (!['shape', 'list', 'checkedList'].includes(transform)) {
      lines.set(`${side} ${path}`, what);
      return;
    }
    lines.set(`${side} ${path} ${transform}`, JSON.stringify(from));
    for (const [inner, rule] of Object.entries(file[side][shape!]!)) open(side, rule, `${path}/${inner}`);
  };
  const text = file.operations[name];
  if (text === undefined || !('command' in text)) return lines;
  lines.set('command', text.command);
  if (text.request !== undefined) open('requests', text.request, '');
  for (const [key, rule] of Object.entries(text.reply)) open('replies', rule, key);
  return lines;
}

function openTable({ tables }: BindingFile, option: RuleText[2]): unknown {
  if (typeof option !== 'string') return option;
  return Object.hasOwn(tables, option)
    ? Object.fromEntries(Object.entries(tables[option]!).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : undefined;
}

function draft(folder: string): { readonly own: BindingFile; readonly drafted: BindingFile } {
  const own = parseBindingFile(readFileSync(join(folder, 'binding.json'), 'utf8'));
  const { file } = draftBinding(folder, loadContract(folder).model, nothing);
  return { own, drafted: parseBindingFile(JSON.stringify(file)) };
}

test('the draft of the default WSDL is the binding that ships: commands, places and transforms', () => {
  const { own, drafted } = draft('wsdl/default');
  const names = Object.keys(own.operations);
  expect(names).toHaveLength(15);
  for (const name of names) {
    const lines = Object.fromEntries(openLines(drafted, name, true));
    expect([name, lines]).toEqual([name, Object.fromEntries(openLines(own, name, true))]);
  }
});

test.each([
  ['wsdl/flat-cyrillic', 15, 1],
  ['wsdl/xml-in-string', 7, 0.97],
])('the draft of %s: %i operations, and most lines where the binding has them', (folder, least, share) => {
  const { own, drafted } = draft(folder);
  let all = 0;
  const wrong: string[] = [];
  const right = Object.entries(own.operations).filter(([name, text]) => {
    if (!('command' in text)) return false;
    const lines = openLines(drafted, name, false);
    for (const [line, from] of openLines(own, name, false)) {
      all += 1;
      if (lines.get(line) !== from) wrong.push(`${name}: ${line}: ${from}, drafted ${lines.get(line)}`);
    }
    return lines.get('command') === text.command;
  });
  expect(right.length).toBeGreaterThanOrEqual(least);
  expect([wrong, 1 - wrong.length / all >= share]).toEqual([expect.anything(), true]);
});

const otherMaker =
  'operation GetDiscountCard(ShopId string, POS string, CardCode string, Date dateTime) -> CardData\n' +
  'operation SendSale(Check Check) -> Answer\n' +
  'operation VoidSale(PosId string, ShiftNo int, CheckNo int, CheckDate dateTime, Type string, Cause string?) -> Answer\n' +
  'operation UploadShift(Report Report) -> ReportAnswer\n' +
  'operation GetHistory(CardCode string, Start date, End date) -> History\n' +
  'operation PoluchitOstatki(KodSklada string) -> string\n' +
  'operation UznatBalansKarty(NomerKassy string, NomerKarty string) -> KartaInfo\n' +
  'operation Hold(PosId string, ShiftNo int, CheckNo int, CheckDate dateTime, CardCode string, Points decimal) -> Answer\n' +
  'operation Unhold(PosId string, ShiftNo int, CheckNo int, CheckDate dateTime, CardCode string, Points decimal) -> Answer\n' +
  'type CardData: ErrorCode int, ErrorText string, Owner string?, State string?, Points decimal, DiscountRate decimal\n' +
  'type KartaInfo: Kod integer, Soobshchenie string, OstatokBallov decimal, Vladelec string?\n' +
  'type Check: PosId string, ShiftNo int, CheckNo int, CheckDate dateTime, Type string, CardCode string, Total decimal, ' +
  'TotalWithDiscount decimal, PointsEarned decimal, PointsSpent decimal, IsOffline boolean, Items Items\n' +
  'type Items: Item Item*\n' +
  'type Item: PosNum int, Sku string, Title string?, Qty decimal, Price decimal, Amount decimal, DiscountAmount decimal\n' +
  'type Answer: ErrorCode int, ErrorText string, TransactionId string?, Points decimal?\n' +
  'type Report: PosId string, ShiftNo int, Checks Check*\n' +
  'type ReportAnswer: ErrorCode int, ErrorText string, AcceptedCount int, RejectedCount int\n' +
  'type History: ErrorCode int, ErrorText string, Rows Row*\n' +
  'type Row: Date dateTime, Doc string, DocType string, Points decimal, PointsAfter decimal, Note string?';

test('names of another maker, Latin and transliterated', () => {
  const folder = makeContract(otherMaker, { operations: {} });
  const { file, operations } = draftBinding(folder, loadContract(folder).model, nothing);
  rmSync(folder, { recursive: true });
  expect(operations.map(({ operation, command }) => [operation, command])).toEqual([
    ['GetDiscountCard', 'readCard'],
    ['SendSale', 'registerReceipt'],
    ['VoidSale', 'cancelReceipt'],
    ['UploadShift', 'uploadReceipts'],
    ['GetHistory', 'listCardOperations'],
    ['PoluchitOstatki', null],
    ['UznatBalansKarty', 'readCard'],
    ['Hold', 'reserveBonus'],
    ['Unhold', 'releaseBonus'],
  ]);
  expect(file.requests?.check).toMatchObject({
    kkm: ['PosId', 'requiredText'],
    cardNumber: ['CardCode', 'requiredText'],
    sumKopecks: ['Total', 'money'],
    sumWithDiscountKopecks: ['TotalWithDiscount', 'money'],
    bonusAccruedKopecks: ['PointsEarned', 'money'],
    bonusRedeemedKopecks: ['PointsSpent', 'money'],
    offline: ['IsOffline', 'boolean'],
    lines: ['Items/Item', 'list', 'item'],
  });
  expect(file.requests?.item).toMatchObject({
    number: ['PosNum', 'count'],
    code: ['Sku', 'text'],
    sumKopecks: ['Amount', 'money'],
  });
  expect(file.replies?.kartaInfo).toEqual({
    Kod: ['code', 'integer'],
    Soobshchenie: ['code', 'resultText'],
    OstatokBallov: ['bonusBalance', 'money'],
    Vladelec: ['holder', 'text'],
  });
});

test('a recorded string that holds a document asks for an example of it; with one the document is read', () => {
  const wsdl = 'operation Card(Data string) -> KartaInfo\ntype KartaInfo: Code integer, Balance decimal';
  const document = '<Karta Number="2900000000017"><Kassa>K-01</Kassa><Date>22.11.2026 10:00:00</Date></Karta>';
  const samples: Samples = new Map([['Card/Data', [document]]]);
  const bare = makeContract(wsdl, { operations: {} });
  const [without] = draftBinding(bare, loadContract(bare).model, samples).operations;
  expect([without?.hints, without?.problems]).toEqual([
    ['Card/Data holds XML documents <Karta>: put an example of one into documents/, and draft again'],
    expect.arrayContaining(['no place was found for kkm, which the command needs']),
  ]);
  const example = '<Karta Number=""><Kassa/><Date/></Karta>';
  const folder = makeContract(wsdl, { operations: {} }, { 'documents/karta.xml': example });
  const { file, operations } = draftBinding(folder, loadContract(folder).model, samples);
  for (const made of [bare, folder]) rmSync(made, { recursive: true });
  expect(operations[0]?.hints).toEqual([]);
  expect(file.operations?.Card).toMatchObject({
    request: ['Data/Karta', 'shape', 'karta'],
    requestDocuments: { Data: 'karta' },
  });
  expect(file.requests?.karta).toEqual({
    kkm: ['Kassa', 'requiredText'],
    cardNumber: ['@Number', 'requiredText'],
    operationAt: ['Date', 'moment', { form: 'DD.MM.YYYY HH:mm:ss' }],
  });
});

test('a place whose words are those of several commands is named as a choice', () => {
  const wsdl =
    'operation Bonus(Action string, Till string, Shift integer, Receipt integer, Date dateTime, Card string, Sum decimal) -> Answer\n' +
    'type Answer: Code integer';
  const folder = makeContract(wsdl, { operations: {} });
  const { model } = loadContract(folder);
  const samples: Samples = new Map([['Bonus/Action', ['HOLD', 'FREE', 'Иванов И.']]]);
  const [seen] = draftBinding(folder, model, samples).operations;
  const [unseen] = draftBinding(folder, model, nothing).operations;
  rmSync(folder, { recursive: true });
  expect(seen?.hints).toEqual([
    'Action may choose the command ("FREE" releaseBonus, "HOLD" reserveBonus): see "choose" of binding.json',
  ]);
  expect(unseen?.hints).toEqual([]);
});
