// Requests and replies of shapes that the product's own contract does not have: flat parameters, structures in structures,
// lists in lists, a date and its time apart, constants, words for codes, documents in a string, cases, faults, files.
import { readOctets } from '../../../src/soap/contract/octets.ts';
import type { Parts } from '../../../src/operations/checked.ts';
import { dateOf } from '../../../src/ledger/local-date-time.ts';
import { openTimeZone } from '../../../src/ledger/time-zone.ts';
import type { LoadedContract } from '../../../src/soap/load-contract-folder.ts';
import { noon } from '../../operations/testing-infobase.ts';
import type { BoundCommand, BoundOperation } from '../../../src/soap/binding/bound-operation.ts';
import { formTestWsdl, getCommand, getOperation, loadTestContract } from './testing-contract.ts';

const moscow = { readZoned: openTimeZone('Europe/Moscow').toLocal, now: noon };

function readCall(loaded: LoadedContract, operation: string, parameters: string) {
  const envelope = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:test"><e:Body>`;
  return loaded.contract.readRequest(`${envelope}<${operation}>${parameters}</${operation}></e:Body></e:Envelope>`);
}

function readCommand(loaded: LoadedContract, operation: string, parameters: string) {
  return getCommand(loaded, operation).toCommand(readCall(loaded, operation, parameters).arguments, moscow);
}

function writeReply(loaded: LoadedContract, operation: string, answer: object): string {
  const tree = getCommand(loaded, operation).toReply(answer as Readonly<Record<string, unknown>>);
  const xml = readOctets(loaded.contract.writeReply(operation, '1.1', tree, '\n'));
  return xml.replace(/^[\s\S]*?-instance">|<\/m:\w+Response>[\s\S]*$/g, '').replace(/\n\t+/g, '');
}

const hold = { shiftNumber: ['Shift', 'count'], receiptNumber: ['Receipt', 'count'] };

test('flat parameters, a date apart from its time, kopecks, a constant', () => {
  const loaded = loadTestContract(
    'operation Hold(Till string, Shift integer, Receipt integer, Day date, Clock time, Card string, Kopecks integer) -> string, Left string',
    {
      requests: {
        hold: {
          operationId: ['', 'constant', { value: null }],
          kkm: ['Till', 'requiredText'],
          ...hold,
          receiptAt: [['Day', 'Clock'], 'requiredMoment'],
          cardNumber: ['Card', 'requiredText'],
          amountKopecks: ['Kopecks', 'money', { unit: 'hundredths' }],
        },
      },
      tables: { codes: { OK: 0, ERR: '*' } },
      operations: {
        Hold: {
          command: 'reserveBonus',
          request: ['', 'shape', 'hold'],
          reply: { return: ['code', 'table', 'codes'], Left: ['bonusBalance', 'money', { digits: 2, point: ',' }] },
        },
      },
    },
  );
  const sent = '<Till>K</Till><Shift>3</Shift><Receipt>5</Receipt><Day>2026-11-22</Day><Clock>14:05:00</Clock>';
  expect(readCommand(loaded, 'Hold', `${sent}<Card>7</Card><Kopecks>2050</Kopecks>`)).toEqual({
    ok: true,
    value: {
      operationId: null,
      kkm: 'K',
      shiftNumber: 3,
      receiptNumber: 5,
      receiptAt: '2026-11-22T14:05:00',
      cardNumber: '7',
      amountKopecks: 2050,
    },
  });
  expect(readCommand(loaded, 'Hold', `${sent}<Card>7</Card><Kopecks>-1</Kopecks>`)).toMatchObject({
    ok: false,
    trouble: { field: 'amountKopecks' },
    partial: { cardNumber: '7', kkm: 'K' },
  });
  expect(writeReply(loaded, 'Hold', { code: 5, bonusBalance: 10_050 })).toMatch(
    /^ERR<\/m:return>.*>100,50<\/m:Left>$/s,
  );
});

function writeReceipt(card: string, goods: string): string {
  return `<Receipt><Key><Shift>1</Shift><Receipt>2</Receipt><At>2026-11-22T10:00:00</At></Key><Card>${card}</Card><Sum>3</Sum>${goods}</Receipt>`;
}

test('structures in structures, lists in lists', () => {
  const loaded = loadTestContract(
    'operation Upload(Shift Shift) -> Done\n' +
      'type Shift: Till Till, Receipts Receipts\n' +
      'type Till: Code string\n' +
      'type Receipts: Receipt Receipt*\n' +
      'type Receipt: Key Key, Card string, Sum decimal, Goods Goods?\n' +
      'type Key: Shift integer, Receipt integer, At dateTime\n' +
      'type Goods: Line Line*\n' +
      'type Line: Number integer, Code string, Quantity decimal, Price decimal, Sum decimal\n' +
      'type Done: Counts Counts, Results Results?\n' +
      'type Counts: Accepted integer, Rejected integer\n' +
      'type Results: Result Result*\n' +
      'type Result: Code integer, Id string?',
    {
      requests: {
        upload: { kkm: ['Till/Code', 'requiredText'], receipts: ['Receipts/Receipt', 'checkedList', 'receipt'] },
        receipt: {
          kind: ['', 'constant', 'Sale'],
          kkm: ['', 'constant', 'K'],
          shiftNumber: ['Key/Shift', 'count'],
          receiptNumber: ['Key/Receipt', 'count'],
          receiptAt: ['Key/At', 'requiredMoment'],
          cardNumber: ['Card', 'requiredText'],
          sumKopecks: ['Sum', 'money'],
          sumWithDiscountKopecks: ['Sum', 'money'],
          bonusAccruedKopecks: ['', 'constant', { value: 0 }],
          bonusRedeemedKopecks: ['', 'constant', { value: 0 }],
          offline: ['', 'constant', { value: true }],
          lines: ['Goods/Line', 'list', 'line'],
        },
        line: {
          number: ['Number', 'count'],
          code: ['Code', 'text'],
          quantity: ['Quantity', 'amount'],
          price: ['Price', 'amount'],
          sumKopecks: ['Sum', 'money'],
          discountKopecks: ['', 'constant', { value: 0 }],
        },
      },
      replies: { result: { Code: ['code', 'integer'], Id: ['operationId', 'text'] } },
      operations: {
        Upload: {
          command: 'uploadReceipts',
          request: ['Shift', 'shape', 'upload'],
          reply: {
            'return/Counts/Accepted': ['accepted', 'integer'],
            'return/Counts/Rejected': ['rejected', 'integer'],
            'return/Results/Result': ['results', 'list', 'result'],
          },
        },
      },
    },
  );
  const line = '<Line><Number>1</Number><Code>C</Code><Quantity>1.50</Quantity><Price>2</Price><Sum>3</Sum></Line>';
  const receipts = writeReceipt('7', `<Goods>${line}${line}</Goods>`) + writeReceipt('', '');
  const read = readCommand(
    loaded,
    'Upload',
    `<Shift><Till><Code>K</Code></Till><Receipts>${receipts}</Receipts></Shift>`,
  );
  const lineOf = { number: 1, code: 'C', name: null, quantity: '1.5', price: '2', sumKopecks: 300, discountKopecks: 0 };
  expect(read).toMatchObject({
    ok: true,
    value: {
      kkm: 'K',
      receipts: { length: 2 },
    },
  });
  const parts = (read.ok ? read.value.receipts : undefined) as Parts<object>;
  const whole = {
    ok: true,
    value: { kind: 'Sale', cardNumber: '7', lines: [lineOf, lineOf], original: null, fn: null },
  };
  expect(parts.slice(0, 1)).toMatchObject([whole]);
  expect(parts.slice(0, 100)).toMatchObject([whole, { ok: false, trouble: { field: 'cardNumber' } }]);
  const results = [
    { code: 0, operationId: 'a' },
    { code: 1, operationId: null },
  ];
  expect(writeReply(loaded, 'Upload', { accepted: 1, rejected: 1, results })).toBe(
    '<m:Counts><m:Accepted>1</m:Accepted><m:Rejected>1</m:Rejected></m:Counts><m:Results><m:Result><m:Code>0</m:Code>' +
      '<m:Id>a</m:Id></m:Result><m:Result><m:Code>1</m:Code></m:Result></m:Results></m:return>',
  );
});

const example =
  '<?xml version="1.0" encoding="UTF-8"?>\n<c:Card xmlns:c="urn:card" Till="K">\n  <c:Number>1</c:Number>\n  <c:Note Kind="x">t</c:Note>\n  <c:Row>a</c:Row>\n</c:Card>';

const documents = loadTestContract(
  'operation Exchange(Data string) -> string',
  {
    documents: {
      card: { example: 'documents/card.xml', lists: ['Card/Row'] },
      answer: { example: 'documents/card.xml', as: 'cdata' },
    },
    requests: {
      card: {
        kkm: ['Data/Card/@Till', 'requiredText'],
        cardNumber: ['Data/Card/Number', 'requiredText'],
        shop: ['Data/Card/Note/#text', 'text'],
      },
    },
    operations: {
      Exchange: {
        command: 'readCard',
        request: ['', 'shape', 'card'],
        reply: {
          'return/Card/Number': ['cardNumber', 'text'],
          'return/Card/Note/#text': ['holder', 'text'],
          'return/Card/Note/@Kind': ['code', 'integer'],
        },
        requestDocuments: { Data: 'card' },
        replyDocuments: { return: 'answer' },
      },
    },
  },
  { 'documents/card.xml': example },
);

test.each([
  ['any prefix and order', '<x:Card xmlns:x="urn:other" Till="K"><x:Note>n</x:Note><x:Number>7</x:Number></x:Card>'],
  [
    'a declaration, what the example lacks, references',
    '<?xml version="1.0"?><Card Till="&#75;" A="1"><New><Number>8</Number></New><Number>7</Number><Note>n</Note></Card>',
  ],
  ['CDATA', '<Card Till="K"><Number><![CDATA[7]]></Number><Note>n</Note></Card>'],
])('a document in a string is read: %s', (_, document) => {
  for (const data of [
    `<![CDATA[${document.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`,
    document.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  ]) {
    const read = readCommand(documents, 'Exchange', `<Data>${data}</Data>`);
    expect(read).toMatchObject({ ok: true, value: { kkm: 'K', cardNumber: '7', shop: 'n' } });
  }
});

test.each([
  ['no XML', 'card 7', /XML-документ \(/],
  ['another root', '&lt;Cart/>', /XML-документ с корневым элементом Card, получен Cart/],
  ['cut short', '&lt;Card>&lt;Number>', /XML-документ \(документ обрывается\)/],
  ['an element twice', '&lt;Card>&lt;Number/>&lt;Number/>&lt;/Card>', /с одним элементом Number в Card/],
])('a string that is not the document is a wrong value: %s', (_, data, expected) => {
  const read = readCommand(documents, 'Exchange', `<Data>${data}</Data>`);
  expect(read).toMatchObject({ ok: false, trouble: { field: 'Data', expected: expect.stringMatching(expected) } });
});

test('a document is written in the layout of its example, as CDATA where it is asked for', () => {
  expect(writeReply(documents, 'Exchange', { code: 0, cardNumber: '7', holder: 'A & ]]> B' })).toBe(
    '<![CDATA[<?xml version="1.0" encoding="UTF-8"?>\n<c:Card xmlns:c="urn:card">\n  <c:Number>7</c:Number>\n' +
      '  <c:Note Kind="0">A &amp; ]]&gt; B</c:Note>\n</c:Card>]]></m:return>',
  );
  expect(writeReply(documents, 'Exchange', { code: 1, cardNumber: '', holder: null })).toContain(
    '<c:Number/>\n  <c:Note Kind="1"/>\n',
  );
});

const choices = loadTestContract('operation Sync(Kind string, Till string, Version integer) -> boolean', {
  requests: {
    confirm: { kkm: ['Till', 'requiredText'], version: ['Version', 'count'] },
    ask: { kkm: ['Till', 'requiredText'], lastVersion: ['Version', 'count'] },
  },
  operations: {
    Sync: {
      choose: 'Kind',
      cases: {
        confirm: {
          command: 'confirmSyncPackage',
          request: ['', 'shape', 'confirm'],
          reply: { return: ['code', 'isDone'] },
          faults: [1],
        },
        ask: {
          command: 'getSyncPackage',
          request: ['', 'shape', 'ask'],
          reply: { return: ['code', 'isDone'] },
          faults: 'refusals',
        },
      },
    },
  },
});

function asCommand(bound: BoundOperation): BoundCommand {
  if (bound.does !== 'command') throw new Error('a command is expected');
  return bound;
}

test.each([
  ['confirm', 'confirmSyncPackage', { ok: true, value: { kkm: 'K', version: 4 } }],
  ['ask', 'getSyncPackage', { ok: true, value: { kkm: 'K', lastVersion: 4 } }],
  [
    'other',
    'confirmSyncPackage',
    { ok: false, trouble: { field: 'Kind', expected: 'одно из значений: confirm, ask' } },
  ],
])('a value chooses the command: %s', (kind, command, expected) => {
  const bound = getOperation(choices, 'Sync');
  if (bound.does !== 'choice') throw new Error('a choice is expected');
  const tree = readCall(choices, 'Sync', `<Kind>${kind}</Kind><Till>K</Till><Version>4</Version>`).arguments;
  const chosen = asCommand(bound.choose(tree));
  expect(chosen.command).toBe(command);
  expect(chosen.toCommand(tree, moscow)).toMatchObject(expected);
});

test.each([
  [0, 0, undefined],
  [0, 1, 'Карта не найдена: проверьте номер карты.'],
  [0, 2, undefined],
  [1, 0, undefined],
  [1, 12, undefined],
  [1, 2, 'Карта заблокирована: обслужите покупателя без карты.'],
])('case %s: code %s is a fault, or is not', (index, code, text) => {
  const bound = getOperation(choices, 'Sync');
  if (bound.does !== 'choice') throw new Error('a choice is expected');
  expect(asCommand(bound.cases[index]!).toFault?.({ code })).toBe(text);
});

const files = {
  table:
    'operation Goods(Filter Filter) -> Goods\ntype Filter: Name string?, Page integer?\n' +
    'type Goods: At dateTime, Day date, Call integer, Title string, Page integer?, Item Item*\ntype Item: Code string, Price decimal',
  reply:
    '<m:GoodsResponse xmlns:m="urn:test"><m:return><m:At>{{now}}</m:At><m:Day>{{today}}</m:Day><m:Call>{{counter}}</m:Call>' +
    '<m:Title>for «{{ Filter/Name }}» &amp; all</m:Title><m:Page>{{Filter/Page}}</m:Page>' +
    '<m:Item><m:Code>1</m:Code><m:Price>2.50</m:Price></m:Item></m:return></m:GoodsResponse>',
};

function loadFile(reply: string): LoadedContract {
  return loadTestContract(files.table, { operations: {} }, { 'replies/Goods.xml': reply });
}

test.each([
  ['the response element', files.reply],
  [
    'a recorded envelope',
    `<?xml version="1.0"?>\n<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${files.reply}</s:Body></s:Envelope>`,
  ],
])('an operation without a command is answered from a file: %s', (_, reply) => {
  const loaded = loadFile(reply);
  const bound = getOperation(loaded, 'Goods');
  if (bound.does !== 'file') throw new Error('a file is expected');
  const fill = (parameters: string, counter: number): string => {
    const request = readCall(loaded, 'Goods', parameters).arguments;
    const tree = bound.makeReply({ request, now: noon, counter });
    const xml = readOctets(loaded.contract.writeReply('Goods', '1.1', tree, '\n'));
    return xml.replace(/\n\t+/g, '');
  };
  const head = `<m:At>${noon}</m:At><m:Day>${dateOf(noon)}</m:Day>`;
  expect(fill('<Filter><Name>&lt;b></Name><Page>2</Page></Filter>', 1)).toContain(
    `${head}<m:Call>1</m:Call><m:Title>for «&lt;b&gt;» &amp; all</m:Title><m:Page>2</m:Page><m:Item><m:Code>1</m:Code><m:Price>2.5</m:Price></m:Item>`,
  );
  expect(fill('<Filter/>', 2)).toContain(`${head}<m:Call>2</m:Call><m:Title>for «» &amp; all</m:Title><m:Item>`);
});

test.each([
  ['another element', files.reply.replaceAll('m:Title', 'm:Name'), /replies\/Goods\.xml: .*Name/],
  [
    'a value of another type',
    files.reply.replace('2.50', 'dear'),
    /replies\/Goods\.xml: .*Price: "dear" is not of type decimal/,
  ],
  [
    'a place that the request lacks',
    files.reply.replace('Filter/Page', 'Filter/Pages'),
    /\{\{Filter\/Pages\}\}: Filter has no element/,
  ],
  [
    'a place that is a structure',
    files.reply.replace('Filter/Page', 'Filter'),
    /expected one value of the request, now/,
  ],
  ['a place that is not known', files.reply.replace('{{now}}', '{{time}}'), /\{\{time\}\}: Goods has no element time/],
  ['no XML', 'later', /replies\/Goods\.xml: /],
])('a file that does not fit is refused at start: %s', (_, reply, message) => {
  expect(() => loadFile(reply)).toThrow(message);
});

const boundedTable =
  'operation Hold(Till string, Shift integer, Receipt integer, At dateTime, Card string, Sum decimal) -> string, Card Card~, Text Text\n' +
  'type Card: Left decimal\n' +
  'type Text: Said string';

const bounded = loadTestContract(
  boundedTable,
  {
    requests: {
      hold: {
        kkm: ['Till', 'requiredText'],
        ...hold,
        receiptAt: ['At', 'requiredMoment'],
        cardNumber: ['Card', 'requiredText'],
        amountKopecks: ['Sum', 'money'],
      },
    },
    replies: { card: { Left: ['bonusBalance', 'money'] } },
    tables: { codes: { OK: 0, ERR: '*' } },
    operations: {
      Hold: {
        command: 'reserveBonus',
        request: ['', 'shape', 'hold'],
        reply: {
          return: ['code', 'table', { table: 'codes', repeated: 'DOUBLE' }],
          Card: ['', 'shape', { shape: 'card', when: [0] }],
          'Text/Said': ['code', 'resultText', { when: [1, 5], none: '-' }],
        },
      },
    },
  },
  {
    'Test.wsdl': formTestWsdl(boundedTable).replace(
      /name="Said"\s+type="xs:string"\/>/,
      'name="Said"><xs:simpleType><xs:restriction base="xs:string"><xs:maxLength value="17"/></xs:restriction></xs:simpleType></xs:element>',
    ),
  },
);

test.each([
  ['done', { code: 0, duplicate: false }, 'OK', '<m:Left>1</m:Left>', '-'],
  ['a repeat', { code: 0, duplicate: true }, 'DOUBLE', '<m:Left>1</m:Left>', '-'],
  ['a refusal, whose text is longer than the schema allows', { code: 1 }, 'ERR', 'nil="true"/>', 'Карта не найдена:'],
  ['a refusal without a text', { code: 2 }, 'ERR', 'nil="true"/>', '-'],
])('values that depend on the result: %s', (_, answer, word, card, said) => {
  const xml = writeReply(bounded, 'Hold', { bonusBalance: 100, ...answer });
  expect(xml).toContain(`${word}</m:return>`);
  expect(xml).toContain(card);
  expect(xml).toContain(`<m:Said>${said}</m:Said>`);
});

test('of a list only the items with the codes that are asked for', () => {
  const tables =
    'operation Upload(Till string, Receipt Receipt*) -> Wrong\ntype Receipt: Card string\ntype Wrong: Item Item*\ntype Item: Code integer';
  const zero = ['', 'constant', { value: 0 }];
  const loaded = loadTestContract(tables, {
    requests: {
      upload: { kkm: ['Till', 'requiredText'], receipts: ['Receipt', 'checkedList', 'receipt'] },
      receipt: {
        kind: ['', 'constant', 'Sale'],
        kkm: ['', 'constant', 'K'],
        shiftNumber: zero,
        receiptNumber: zero,
        receiptAt: ['', 'constant', '2026-11-22T00:00:00'],
        cardNumber: ['Card', 'requiredText'],
        sumKopecks: zero,
        sumWithDiscountKopecks: zero,
        bonusAccruedKopecks: zero,
        bonusRedeemedKopecks: zero,
        offline: ['', 'constant', { value: true }],
      },
    },
    replies: { item: { Code: ['code', 'integer'] } },
    operations: {
      Upload: {
        command: 'uploadReceipts',
        request: ['', 'shape', 'upload'],
        reply: { 'return/Item': ['results', 'list', { shape: 'item', only: [1, 11] }] },
      },
    },
  });
  const results = [{ code: 0 }, { code: 1 }, { code: 12 }, { code: 11 }];
  expect(writeReply(loaded, 'Upload', { results })).toBe(
    '<m:Item><m:Code>1</m:Code></m:Item><m:Item><m:Code>11</m:Code></m:Item></m:return>',
  );
});
