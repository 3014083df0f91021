// Calls in the forms that the default contract does not have, and what a till is told when such a call is wrong: documents in
// strings, one operation for several commands, parameters in place of a structure, faults and flags in place of codes.
import { rmSync } from 'node:fs';
import { readDocumentTemplate } from '../../../src/soap/binding/document-template.ts';
import { callOnce, startService, type TestingService } from '../testing-service.ts';
import { fillInfobase, readAfter, type Before } from '../testing-state.ts';
import { headerOf } from '../wire.ts';
import { makeContract } from '../binding/testing-contract.ts';
import { readAnswer } from './read-answer.ts';
import { findCall, openTestedContract } from './tested-contract.ts';
import { versions, type ToldFields, type Version } from './told.ts';
import { writeCall } from './write-call.ts';
import { escapeXml, writeCallOf } from './write-envelope.ts';

const flat = openTestedContract('wsdl/flat-cyrillic');
const xml = openTestedContract('wsdl/xml-in-string');
const card = '2900000001';
const before: Before = {
  cards: [
    { number: card, bonus: '100', accumulation: '1000', receipts: 1 },
    { number: '2900000002', status: 'blocked' },
  ],
};

const table = `operation Look(Card string, Till string) -> string, Balance decimal~
operation LookWell(Card string, Till string) -> string, Balance decimal~
operation Has(Card string, Till string) -> string
operation May(Card string, Till string) -> boolean, Word string`;

const look = { command: 'readCard', request: ['', 'shape', 'look'] };
const balance = { return: ['cardNumber', 'text'], Balance: ['bonusBalance', 'money'] };
const folder = makeContract(table, {
  tables: { words: { GOOD: 0, UNKNOWN: 1, OTHER: '*' } },
  requests: { look: { cardNumber: ['Card', 'requiredText'], kkm: ['Till', 'requiredText'] } },
  operations: {
    Look: { ...look, reply: balance, faults: 'refusals' },
    LookWell: { ...look, reply: balance, faults: [2] },
    Has: { ...look, reply: { return: ['code', 'isDone', { words: ['ДА', 'НЕТ'], done: [0, 2] }] } },
    May: { ...look, reply: { return: ['code', 'isDone'], Word: ['code', 'table', 'words'] } },
  },
});

let service: TestingService;

beforeAll(async () => {
  service = await startService({
    before,
    settings: { INFOBASES: 'flat,xml,made', CONTRACTS: `flat:${flat.folder},xml:${xml.folder},made:${folder}` },
  });
  for (const name of ['xml', 'made']) await fillInfobase(service.infobase(name), before);
});

afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Told {
  readonly status: number;
  readonly text: string;
}

async function ask(infobase: string, serviceName: string, body: string): Promise<Told> {
  const reply = await callOnce(service, { path: encodeURI(`/${infobase}/ws/${serviceName}.1cws`), body });
  return { status: reply.status, text: reply.body.toString() };
}

describe('parameters in place of a structure', () => {
  const sale = {
    Касса: 'K-01',
    Смена: '12',
    НомерЧека: '345',
    ДатаЧека: '2026-11-22',
    ВремяЧека: '10:11:12',
    НомерКарты: card,
    Сумма: '1000,00',
    СуммаСоСкидкой: '950,50',
    НачисленоБонусов: '9,5',
    СписаноБонусов: '0',
    ИзменениеНакопления: null,
    ИзменениеЧеков: null,
    БезСвязи: 'false',
    Кассир: null,
    ФН: null,
    ФД: null,
    ФП: null,
  };
  const none = { КассаПродажи: null, СменаПродажи: null, ЧекПродажи: null, ДатаПродажи: null, ВремяПродажи: null };
  const emptyOf1c = {
    КассаПродажи: '',
    СменаПродажи: '0',
    ЧекПродажи: '0',
    ДатаПродажи: '0001-01-01',
    ВремяПродажи: '00:00:00',
  };

  async function post(kind: string, fields: Readonly<Record<string, string | null>>): Promise<string> {
    const all = { ИдОперации: null, ВидЧека: kind, ...sale, ...emptyOf1c, ...fields, Товары: null };
    const inside = Object.entries(all).map(([name, value]) =>
      value === null ? `<${name} xsi:nil="true"/>` : `<${name}>${value}</${name}>`,
    );
    const body = writeCallOf('ПровестиЧек', flat.contract.namespace, inside.join(''), '1.1');
    return (await ask('flat', flat.contract.serviceName, body)).text;
  }

  async function tell(...call: Parameters<typeof post>): Promise<ToldFields> {
    return readAnswer(flat, 'registerReceipt', await post(...call));
  }

  test('a sale has no sale before it, whether those parameters are nil or empty as 1C has them', async () => {
    expect(await tell('Продажа', { ...none, НомерЧека: '1' })).toMatchObject({ code: '0', text: 'Выполнено.' });
    expect(await tell('Продажа', { НомерЧека: '2' })).toMatchObject({ code: '0', bonusBalance: '119' });
  });

  test('a return names its sale by them', async () => {
    const given = { КассаПродажи: 'K-01', СменаПродажи: '12', ЧекПродажи: '1', ДатаПродажи: '2026-11-22' };
    const figures = { НомерЧека: '3', Сумма: '1000', НачисленоБонусов: '0', ВремяПродажи: '10:11:12' };
    expect(await tell('Возврат', { ...given, ...figures })).toMatchObject({ code: '0', bonusBalance: '109.5' });
    const unknown = { ...given, ...figures, ЧекПродажи: '77', НомерЧека: '4' };
    expect(await tell('Возврат', unknown)).toMatchObject({ code: '7' });
  });

  test.each([
    ['Касса', { Касса: '' }, 'непустой текст'],
    ['КассаПродажи', { ЧекПродажи: '5' }, 'непустой текст'],
    ['ДатаПродажи', { КассаПродажи: 'K-01' }, 'дата и время'],
  ])('a wrong value is called by its parameter: %s', async (name, fields, expected) => {
    const [, text] = /ТекстОтвета[^>]*>([^<]*)</.exec(await post('Возврат', fields))!;
    expect(text).toBe(`Неверное значение поля ${name}: ожидается ${expected}.`);
  });

  test('of a list, a wrong value is called by its place in the list', async () => {
    const line = {
      number: '1',
      code: 'A',
      name: null,
      quantity: '1',
      price: '1',
      sumKopecks: '1',
      discountKopecks: '0',
    };
    const receipt = {
      operationId: null,
      kind: 'Sale',
      kkm: 'K-01',
      shiftNumber: '1',
      receiptNumber: '9',
      receiptAt: '2026-11-22T10:00:00',
      cardNumber: card,
      sumKopecks: '1',
      sumWithDiscountKopecks: '1',
      bonusAccruedKopecks: '0',
      bonusRedeemedKopecks: '0',
      offline: 'false',
      lines: [line, { ...line, discountKopecks: '-1' }],
    };
    const one = writeCall(flat, { command: 'registerReceipt', fields: receipt }, '1.1');
    expect((await ask('flat', flat.contract.serviceName, one.xml)).text).toContain(
      '>Неверное значение поля Товары/Товар[2]/Скидка: ',
    );
    const receipts = [{ ...receipt, kkm: '' }, receipt];
    const many = writeCall(flat, { command: 'uploadReceipts', fields: { kkm: 'K-01', receipts } }, '1.1');
    const { text } = await ask('flat', flat.contract.serviceName, many.xml);
    expect(Array.from(text.matchAll(/<m:ТекстОтвета>([^<:]*)/g), ([, words]) => words)).toEqual([
      'Неверное значение поля Касса',
      'Неверное значение поля Товары/Товар[2]/Скидка',
    ]);
  });
});

function writeCheck(action: string): string {
  return (
    `<Check Action="${action}" Kind="SALE" No="345" At="22.11.2026 10:11:12"><Till Name="K-01" Shift="12"/>` +
    `<Card>${card}</Card><Total><Sum>10000</Sum><Paid>10000</Paid></Total>` +
    '<Bonus><Added>100</Added><Spent>0</Spent></Bonus></Check>'
  );
}

describe.each(versions)('a document in a string, SOAP %s', (version) => {
  const { serviceName, namespace } = xml.contract;
  const send = async (data: string) => {
    const { status, text } = await ask(
      'xml',
      serviceName,
      writeCallOf('Check', namespace, `<Data>${data}</Data>`, version),
    );
    expect(status).toBe(200);
    const [, code, words] = /<m:return\s[^>]*>.*?Code="(\w+)" Text="([^"]*)"/s.exec(text)!;
    return { text, code, words };
  };

  test.each([
    ['nothing', '', 'XML-документ ('],
    ['no XML', 'чек 345', 'XML-документ ('],
    ['one cut short', escapeXml(writeCheck('POST').slice(0, -9)), 'XML-документ ('],
    ['one with a DOCTYPE', escapeXml(`<!DOCTYPE Check [<!ENTITY a "b">]>${writeCheck('POST')}`), 'XML-документ ('],
    ['another one', escapeXml('<Bonus Action="HOLD"/>'), 'XML-документ с корневым элементом Check, получен Bonus'],
    [
      'an element twice',
      escapeXml(writeCheck('POST').replace('</Check>', '<Card>1</Card></Check>')),
      'XML-документ с одним элементом Card в Check',
    ],
    ['an unknown case', escapeXml(writeCheck('REFUND')), 'одно из значений: POST, CANCEL'],
    ['no case', escapeXml(writeCheck('POST').replace(' Action="POST"', '')), 'одно из значений: POST, CANCEL'],
  ])('%s: the till is told, and nothing is done', async (_name, data, expected) => {
    const untouched = await readAfter(service.infobase('xml'));
    const { code, words } = await send(data);
    const place = expected.startsWith('одно') ? 'Data/Check/@Action' : 'Data';
    expect(code).toBe('WRONG');
    expect(words).toContain(`Неверное значение поля ${place}: ожидается ${expected}`);
    expect(await readAfter(service.infobase('xml'))).toEqual(untouched);
  });

  test('escaped, as CDATA, in two pieces, with a declaration and with another prefix it is the same document', async () => {
    const whole = `<?xml version="1.0" encoding="windows-1251"?>\n<!-- Ж -->${writeCheck('POST')}`;
    const prefixed = writeCheck('POST')
      .replace(/<(\/?)/g, '<$1d:')
      .replace('<d:Check', '<d:Check xmlns:d="urn:any"');
    const half = writeCheck('POST').indexOf('<Card>');
    const forms = [
      escapeXml(writeCheck('POST')),
      `<![CDATA[${writeCheck('POST')}]]>`,
      `<![CDATA[${writeCheck('POST').slice(0, half)}]]>${escapeXml(writeCheck('POST').slice(half))}`,
      escapeXml(whole),
      escapeXml(prefixed),
    ];
    for (const form of forms) {
      expect(await send(form)).toMatchObject({ code: 'OK', words: 'Выполнено.' });
    }
    expect((await readAfter(service.infobase('xml'))).receipts).toEqual(['Sale K-01/12/345 of 2026-11-22: posted']);
  });

  test('one reply is CDATA, the others are escaped, and each is a document of its own', async () => {
    const cardCall = writeCall(xml, { command: 'readCard', fields: { kkm: 'K-01', cardNumber: card } }, version);
    const inCdata = await ask('xml', serviceName, cardCall.xml);
    expect(inCdata.text).toMatch(/<m:return\s[^>]*><!\[CDATA\[<Card Code="OK"/);
    expect(readAnswer(xml, 'readCard', inCdata.text)).toMatchObject({ code: '0', cardNumber: card });
    const { text } = await send(escapeXml(writeCheck('POST')));
    expect(text).toMatch(/<m:return\s[^>]*>&lt;\?xml version="1\.0" encoding="UTF-8"\?&gt;\n&lt;Result Code="OK"/);
  });
});

function lookUp(version: Version, element: string, number: string): Promise<Told> {
  return ask('made', 'Test', writeCallOf(element, 'urn:test', `<Card>${number}</Card><Till>K-01</Till>`, version));
}

function faultOf({ status, text }: Told): readonly [number, string | undefined] {
  const words = /<(?:faultstring|soap:Text xml:lang="ru")>([^<]*)</.exec(text)?.[1];
  return [status, words?.replace(/^.*\}: /, '')];
}

function valueOf({ text }: Told, element: string): string | undefined {
  return new RegExp(`<m:${element}\\s[^>]*>([^<]*)<`).exec(text)?.[1];
}

describe.each(versions)('a fault or a flag in place of a code, SOAP %s', (version) => {
  test('every refusal is a fault, and a wrong value too', async () => {
    const found = await lookUp(version, 'Look', card);
    expect([found.status, valueOf(found, 'return')]).toEqual([200, card]);
    for (const [number, words] of [
      ['none', 'Карта не найдена: проверьте номер карты.'],
      ['2900000002', 'Карта заблокирована: обслужите покупателя без карты.'],
      ['', 'Неверное значение поля Card: ожидается непустой текст.'],
    ] as const) {
      const told = await lookUp(version, 'Look', number);
      expect(faultOf(told)).toEqual([500, words]);
      expect(told.text).toContain(version === '1.1' ? 'soap:Server' : 'soap:Receiver');
    }
  });

  test('only the codes that are named are faults', async () => {
    const [status] = faultOf(await lookUp(version, 'LookWell', '2900000002'));
    expect(status).toBe(500);
    expect(faultOf(await lookUp(version, 'LookWell', 'none'))).toEqual([200, undefined]);
  });

  test.each([
    ['Has', 'return', ['ДА', 'НЕТ', 'ДА']],
    ['May', 'return', ['true', 'false', 'false']],
    ['May', 'Word', ['GOOD', 'UNKNOWN', 'OTHER']],
  ])('%s says in its %s whether it was done, by the codes and the words of the binding', async (name, place, words) => {
    const told = await Promise.all([card, 'none', '2900000002'].map((number) => lookUp(version, name, number)));
    expect(told.map((one) => valueOf(one, place))).toEqual(words);
  });
});

test('letters that are not Latin are in the address as HTTP has them, in capital or small digits', async () => {
  const { serviceName } = flat.contract;
  const { operation, xml: body } = writeCall(flat, { command: 'ping', fields: {} }, '1.1');
  expect(operation).toBe(findCall(flat, 'ping').operation.name);
  const path = encodeURI(`/flat/ws/${serviceName}`);
  const small = path.replace(/%../g, (code) => code.toLowerCase());
  for (const form of [path, `${path}.1cws`, small, `${small}.1cws`]) {
    const reply = await callOnce(service, { path: form, body });
    expect([form, reply.status]).toEqual([form, 200]);
    const wsdl = await callOnce(service, { method: 'GET', path: `${form}?wsdl` });
    expect([form, wsdl.status, headerOf(wsdl, 'content-type')]).toEqual([form, 200, 'text/xml; charset=utf-8']);
    const canonical = form.replace(/%../g, (code) => code.toUpperCase());
    expect(wsdl.body.toString()).toContain(`location="http://shop.example:8080${canonical}"`);
  }
});

test('an element of a document has a text where the example shows one', () => {
  const { type } = readDocumentTemplate('<A><B c="1">x</B><D e="1"/><F>1</F></A>', []);
  const [root] = type.fields;
  const inside = (root!.type as typeof type).fields.map(({ name, type: own }) => [
    name,
    'fields' in own ? { attributes: own.attributes.map((one) => one.name), text: own.text?.kind } : own.kind,
  ]);
  expect(inside).toEqual([
    ['B', { attributes: ['c'], text: 'string' }],
    ['D', { attributes: ['e'], text: undefined }],
    ['F', 'string'],
  ]);
});
