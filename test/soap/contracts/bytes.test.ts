// Requests and replies of the contracts that ship, written out: the other tests read and write them by the data of the same
// binding, so a word that is wrong on both ways would show only here.
import { readOctets } from '../../../src/soap/contract/octets.ts';
import { readFileSync } from 'node:fs';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { openSoapServer, type SoapServer } from '../../../src/soap/server.ts';
import { noon, openTestInfobase } from '../../operations/testing-infobase.ts';
import { fillInfobase } from '../testing-state.ts';
import { openTestedContract, type TestedContract } from './tested-contract.ts';
import { escapeXml, writeCallOf } from './write-envelope.ts';

const card = '2900000001';

interface Base {
  readonly tested: TestedContract;
  readonly server: SoapServer;
  readonly infobase: Infobase;
}

async function openBase(folder: string): Promise<Base> {
  const tested = openTestedContract(folder);
  const infobase = await openTestInfobase({ hasSubscription: true });
  await fillInfobase(infobase, {
    kinds: [{ code: 'BASE', name: 'Базовая', maxRedeemPercent: '30', accrualPercent: '5.5' }],
    cards: [
      {
        number: card,
        holder: 'Иванова Ж. & Ко',
        status: 'accrue_only',
        bonus: '100.5',
        accumulation: '1000',
        receipts: 1,
      },
    ],
  });
  return { tested, server: await openSoapServer(tested.contract, tested.binding), infobase };
}

async function ask({ tested, server, infobase }: Base, operation: string, inside: string): Promise<string> {
  const text = writeCallOf(operation, tested.contract.namespace, inside, '1.1');
  const { octets } = await server.answer(text, {
    infobase,
    now: noon,
    serviceVersion: '1.0.0',
    readZoned: infobase.timeZone.toLocal,
    lineEnd: '\r\n',
    report: {},
    sent: { body: Buffer.from(text), headers: {} },
  });
  return readOctets(octets);
}

/** "return 0", "Card nil": the elements without elements inside, in the order of the reply. */
function listValues(xml: string): string[] {
  const leaf = /<m:([^\s>/]+)[^>]*?(?:(xsi:nil="true")\/>|\/>|>([^<]*)<\/m:)/g;
  return Array.from(xml.matchAll(leaf), ([, name, nil, value = '']) => `${name} ${nil === undefined ? value : 'nil'}`);
}

function readDocument(xml: string): string[] {
  const [, text] = /-instance">([^]*)<\/m:return>/.exec(xml)!;
  return text!
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .split('\n')
    .map((line) => line.trim());
}

describe('flat-cyrillic', () => {
  let base: Base;

  beforeAll(async () => {
    base = await openBase('wsdl/flat-cyrillic');
  });

  afterAll(() => base.infobase.close());

  test('a sale, and the same again', async () => {
    const sale = `
      <ИдОперации>7d5b0c2e</ИдОперации><ВидЧека>Продажа</ВидЧека><Касса>K-01</Касса><Смена>12</Смена>
      <НомерЧека>345</НомерЧека><ДатаЧека>2026-11-22</ДатаЧека><ВремяЧека>10:11:12</ВремяЧека>
      <НомерКарты>${card}</НомерКарты><Сумма>1 000,00</Сумма><СуммаСоСкидкой>950,50</СуммаСоСкидкой>
      <НачисленоБонусов>9,5</НачисленоБонусов><СписаноБонусов>0</СписаноБонусов>
      <ИзменениеНакопления>900,00</ИзменениеНакопления><ИзменениеЧеков>2</ИзменениеЧеков><БезСвязи>false</БезСвязи>
      <Кассир xsi:nil="true"/><ФН xsi:nil="true"/><ФД xsi:nil="true"/><ФП xsi:nil="true"/>
      <КассаПродажи xsi:nil="true"/><СменаПродажи xsi:nil="true"/><ЧекПродажи xsi:nil="true"/>
      <ДатаПродажи xsi:nil="true"/><ВремяПродажи xsi:nil="true"/>
      <Товары><Товар><Номер>1</Номер><Код>A</Код><Количество>1.25</Количество><Цена>360,40</Цена>
        <Сумма>450,50</Сумма><Скидка>0</Скидка></Товар></Товары>`;
    const answer = [
      'return 0',
      'ИдОперации 7d5b0c2e',
      'ТекстОтвета Выполнено.',
      'Повтор false',
      'Документ Операция ККМ 000000002 от 22.11.2026 10:11:12',
      'ОстатокБонусов 110,00',
      'ДоступноБонусов 0,00',
      'Накоплено 1900,00',
      'Чеков 3',
      'СообщениеКассиру nil',
      'СообщениеПокупателю nil',
    ];
    expect(listValues(await ask(base, 'ПровестиЧек', sale))).toEqual(answer);
    const again = answer.map((value) => (value === 'Повтор false' ? 'Повтор true' : value));
    expect(listValues(await ask(base, 'ПровестиЧек', sale))).toEqual(again);
  });

  test('the card after it', async () => {
    const inside = `<Касса>K-01</Касса><НомерКарты>${card}</НомерКарты><ДатаЧека>0001-01-01</ДатаЧека>
      <ВремяЧека>00:00:00</ВремяЧека><НомерЗапроса/><Магазин/><Кассир/><СпособВвода/>`;
    expect(listValues(await ask(base, 'ПроверитьКарту', inside))).toEqual([
      'return 0',
      `НомерКарты ${card}`,
      'ТекстОтвета Выполнено.',
      'ВидКарты Базовая',
      'Владелец Иванова Ж. &amp; Ко',
      'Состояние ТолькоНачисление',
      'ОстатокБонусов 110,00',
      'ДоступноБонусов 0,00',
      'ОжидаетсяБонусов 0,00',
      'Накоплено 1900,00',
      'Чеков 3',
      'ПроцентСкидки 0',
      'ПределСписания 30',
      'ПроцентНачисления 5.5',
      'СгоритБонусов 0,00',
      'ДатаСгорания nil',
      'СообщениеКассиру nil',
      'СообщениеПокупателю nil',
    ]);
  });

  test('its operations from a moment on', async () => {
    const inside = `<НомерКарты>${card}</НомерКарты><ДатаНачала>2026-11-22</ДатаНачала><ВремяНачала>10:00:00</ВремяНачала>
      <ДатаОкончания xsi:nil="true"/><ВремяОкончания xsi:nil="true"/><Количество>10</Количество>`;
    expect(listValues(await ask(base, 'ОперацииПоКарте', inside))).toEqual([
      'return 0',
      `НомерКарты ${card}`,
      'ТекстОтвета Выполнено.',
      'Дата 2026-11-22',
      'Время 10:11:12',
      'Документ Операция ККМ 000000002 от 22.11.2026 10:11:12',
      'ВидДокумента ЧекНаСвязи',
      'Касса K-01',
      'НомерЧека 345',
      'Бонусы 9,50',
      'Накопление 900,00',
      'Чеков 2',
      'БонусовПосле 110,00',
    ]);
  });

  test('the service', async () => {
    expect(listValues(await ask(base, 'СведенияОСлужбе', ''))).toEqual([
      'return 0',
      'ТекстОтвета Выполнено.',
      'Версия 1.0.0',
      'ДатаСлужбы 2026-11-22',
      'ВремяСлужбы 12:00:00',
      'Режим НаСвязи',
      'БонусыВключены false',
      'БонусыСДаты nil',
      'Подписка true',
    ]);
  });

  test('a reply to the last byte: output parameters beside return, each with its declarations', async () => {
    const inside = '<Касса>K-01</Касса><НомерСертификата>77</НомерСертификата><ДатаЧека xsi:nil="true"/>';
    const declarations = [
      ' xmlns:xs="http://www.w3.org/2001/XMLSchema"',
      '\t\t\t\t\txmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
    ].join('\r\n');
    const nil = `${declarations}\r\n\t\t\t\t\txsi:nil="true"/>`;
    const one = (name: string, value: string) => `\t\t\t<m:${name}${declarations}>${value}</m:${name}>`;
    expect(await ask(base, 'ПроверитьСертификат', inside)).toBe(
      [
        '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">',
        '\t<soap:Body>',
        '\t\t<m:ПроверитьСертификатResponse xmlns:m="http://primer.example/bonusnaya-sluzhba">',
        one('return', 'false'),
        one('НомерСертификата', '77'),
        one('КодОтвета', '8'),
        one('ТекстОтвета', 'Эта функция сервиса выключена: продолжайте без неё.'),
        `\t\t\t<m:Состояние${nil}`,
        one('Номинал', '0,00'),
        one('Остаток', '0,00'),
        `\t\t\t<m:ДействуетПо${nil}`,
        '\t\t</m:ПроверитьСертификатResponse>',
        '\t</soap:Body>',
        '</soap:Envelope>',
      ].join('\r\n'),
    );
  });
});

function readExample(name: string): string {
  return readFileSync(`wsdl/xml-in-string/documents/${name}.xml`, 'utf8');
}

describe('xml-in-string', () => {
  let base: Base;
  const askBy = (operation: string, document: string) => ask(base, operation, `<Data>${escapeXml(document)}</Data>`);
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>';

  beforeAll(async () => {
    base = await openBase('wsdl/xml-in-string');
  });

  afterAll(() => base.infobase.close());

  test('the example of a check as a sale, and the same again', async () => {
    const own = readExample('check').replace(/(<Collected>\s*<Sum>)\d+/, '$140000');
    const sale = own.replace('"REFUND"', '"SALE"').replace(/\t<Sale [^]*<\/Sale>\n/, '');
    for (const repeated of ['0', '1']) {
      expect(readDocument(await askBy('Check', sale))).toEqual([
        declaration,
        `<Result Code="OK" Text="Выполнено." Id="0f3c2a12" Repeated="${repeated}" Document="Операция ККМ 000000002 от 22.11.2026 10:12:12">`,
        '<Bonus Balance="10525" Available="0"/>',
        '<Collected Sum="140000" Checks="2"/>',
        '</Result>',
      ]);
    }
  });

  test('the example of a request for a card', async () => {
    expect(await askBy('Card', readExample('card'))).toContain(
      [
        '-instance"><![CDATA[<Card Code="OK" Text="Выполнено." No="2900000001" Status="COLLECT">',
        '\t<Kind>Базовая</Kind>',
        '\t<Holder>Иванова Ж. &amp; Ко</Holder>',
        '\t<Bonus Balance="105.25" Available="0.00" Pending="0.00" Burns="0.00"/>',
        '\t<Collected Sum="1400.00" Checks="2"/>',
        '\t<Percent Discount="0.00" Spend="30.00" Add="5.50"/>',
        '</Card>]]></m:return>',
      ].join('\n'),
    );
  });

  test('its operations from a moment on', async () => {
    const inside = `<CardNo>${card}</CardNo><DateFrom>22.11.2026 10:00:00</DateFrom><DateTo/><Top xsi:nil="true"/>`;
    expect(readDocument(await ask(base, 'History', inside))).toEqual([
      declaration,
      '<History Code="OK" Text="Выполнено." CardNo="2900000001">',
      '<Row At="22.11.2026 10:12:12" Document="Операция ККМ 000000002 от 22.11.2026 10:12:12" Kind="KkmOperation" Till="K-01" No="346" Bonus="4.75" Collected="400.00" Checks="1" BonusAfter="105.25"/>',
      '</History>',
    ]);
  });

  test('the service', async () => {
    expect(readDocument(await ask(base, 'Status', ''))).toEqual([
      declaration,
      '<Status Code="OK" Text="Выполнено.">',
      '<Service Version="1.0.0" Time="22.11.2026 12:00:00" Stage="online" Subscription="1"/>',
      '<Bonus On="0"/>',
      '</Status>',
    ]);
    expect(listValues(await ask(base, 'Echo', ''))).toEqual(['return READY']);
  });

  test('the examples of the other requests are understood', async () => {
    const bonus = readDocument(await askBy('Bonus', readExample('bonus')));
    expect(bonus[1]).toContain('Code="CARD_ONLY_COLLECTS"');
    const certificate = readDocument(await askBy('Certificate', readExample('certificate')));
    expect(certificate[1]).toContain('Code="OFF"');
    const refund = readDocument(await askBy('Shift', readExample('shift')));
    expect(refund.slice(1, 3)).toEqual([
      '<Shift Code="OK" Text="Выполнено." Taken="0" Linked="0" Refused="1">',
      expect.stringContaining('<Result Code="CONFLICT" '),
    ]);
    expect(listValues(await ask(base, 'ChangesTaken', '<Till>K-01</Till><Package>1</Package>'))).toEqual([
      'return false',
      'Code WRONG',
      'Text Неверное значение поля Package: ожидается номер пакета, а пакетов ещё нет.',
    ]);
  });
});
