// Options by which a base that was made without thought of this product can be served: a key cut out of a number, values that
// are never sent, cases of two values, structures that are there only with values, what was sent said again.
import type { BoundOperation } from '../../../src/soap/binding/bound-operation.ts';
import { addSent } from '../../../src/soap/binding/bound-operation.ts';
import { openTimeZone } from '../../../src/ledger/time-zone.ts';
import { moment } from '../../operations/testing-infobase.ts';
import { getCommand, getOperation, loadTestContract } from './testing-contract.ts';

const at = { readZoned: openTimeZone('Europe/Moscow').toLocal, now: moment('2026-11-22T14:05:00') };

const table =
  'operation Check(Kind string, Training string, Id string, Card string, Sum decimal~, Day string?) -> string, Card Card~, Lines string*, Results Result*\n' +
  'type Card: Number string, Burn Burn?\n' +
  'type Burn: On dateTime, Sum decimal\n' +
  'type Result: Code string';

const receipt = {
  kind: ['Kind', 'table', 'kinds'],
  kkm: ['Id', 'requiredText', { part: '^(\\w+-\\d+)-' }],
  shiftNumber: ['Id', 'count', { part: '^\\w+-\\d+-(\\d+)-' }],
  receiptNumber: ['Id', 'count', { part: '-(\\d+)$' }],
  receiptAt: ['', 'today'],
  cardNumber: ['Card', 'requiredText'],
  sumKopecks: ['Sum', 'money', { none: '0' }],
  sumWithDiscountKopecks: ['Sum', 'money', { none: '0' }],
  bonusAccruedKopecks: ['', 'constant', { value: 0 }],
  bonusRedeemedKopecks: ['', 'constant', { value: 0 }],
  offline: ['', 'constant', { value: false }],
};

const sale = {
  command: 'registerReceipt',
  request: ['', 'shape', 'receipt'],
  reply: {
    return: ['code', 'table', { table: 'codes', repeated: 'AGAIN' }],
    'Card/Number': ['sent.cardNumber', 'text'],
    Lines: ['code', 'resultText', { when: [1] }],
  },
};

const loaded = loadTestContract(table, {
  tables: { kinds: { sale: 'Sale', back: 'Return' }, codes: { OK: [0, 12], NO: '*' } },
  requests: { receipt },
  operations: {
    Check: {
      choose: ['Kind', 'Training'],
      cases: { 'sale/no': sale, 'back/no': sale, 'sale/yes': { answer: 'fault', text: 'Учебный чек не принимается.' } },
      otherwise: { answer: 'fault', text: 'Такого чека нет.' },
    },
  },
});

function choose(kind: string, training: string, rest = '<Id>M03-2-118-0047</Id><Card>7</Card><Sum xsi:nil="true"/>') {
  const head = '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:test"';
  const xsi = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
  const call = `<Check><Kind>${kind}</Kind><Training>${training}</Training>${rest}</Check>`;
  const tree = loaded.contract.readRequest(`${head}${xsi}><e:Body>${call}</e:Body></e:Envelope>`).arguments;
  const bound = getOperation(loaded, 'Check');
  if (bound.does !== 'choice') throw new Error('a choice is expected');
  return { tree, chosen: bound.choose(tree) as BoundOperation };
}

test('a key cut out of one number, a date of today, a sum that is nil', () => {
  const { tree, chosen } = choose('sale', 'no');
  if (chosen.does !== 'command') throw new Error('a command is expected');
  expect(chosen.toCommand(tree, at)).toMatchObject({
    ok: true,
    value: {
      kind: 'Sale',
      kkm: 'M03-2',
      shiftNumber: 118,
      receiptNumber: 47,
      receiptAt: '2026-11-22T00:00:00',
      sumKopecks: 0,
      lines: [],
    },
  });
  const other = choose('sale', 'no', '<Id>none</Id><Card>7</Card><Sum>1</Sum>');
  expect(chosen.toCommand(other.tree, at)).toMatchObject({ ok: false, trouble: { field: 'kkm' } });
});

test('the sale of a return is there only if one of its own values is sent: today and constants are none', () => {
  const original = loadTestContract('operation Check(Id string, Card string) -> string', {
    requests: {
      receipt: {
        ...receipt,
        kind: ['', 'constant', 'Sale'],
        kkm: ['', 'constant', 'K'],
        shiftNumber: ['', 'constant', { value: 1 }],
        receiptNumber: ['', 'constant', { value: 1 }],
        sumKopecks: ['', 'constant', { value: 1 }],
        sumWithDiscountKopecks: ['', 'constant', { value: 1 }],
        original: ['', 'shape', 'sold'],
      },
      sold: {
        kkm: ['Id', 'requiredText', { part: '^(.*)-\\d+$' }],
        shiftNumber: ['', 'constant', { value: 1 }],
        receiptNumber: ['Id', 'count', { part: '-(\\d+)$' }],
        receiptAt: ['', 'today'],
      },
    },
    operations: {
      Check: { command: 'registerReceipt', request: ['', 'shape', 'receipt'], reply: { return: ['code', 'integer'] } },
    },
  });
  const { toCommand } = getCommand(original, 'Check');
  expect(toCommand({ Id: '', Card: '7' }, at)).toMatchObject({ ok: true, value: { original: null } });
  expect(toCommand({ Id: 'К-7', Card: '7' }, at)).toMatchObject({
    ok: true,
    value: { original: { kkm: 'К', receiptNumber: 7, receiptAt: '2026-11-22T00:00:00' } },
  });
});

test.each([
  ['sale', 'yes', 'Учебный чек не принимается.'],
  ['other', 'no', 'Такого чека нет.'],
])('a case of two values may be a fault: %s, %s', (kind, training, text) => {
  expect(choose(kind, training).chosen).toMatchObject({ does: 'fault', text });
});

test.each([
  ['done', { code: 0 }, 'OK', []],
  ['done before billing: two codes have one word', { code: 12 }, 'OK', []],
  ['a repeat', { code: 0, duplicate: true }, 'AGAIN', []],
  ['a refusal, whose text is the one item of a list', { code: 1 }, 'NO', ['Карта не найдена: проверьте номер карты.']],
])('a reply says what was sent again: %s', (_, answer, word, lines) => {
  const { tree, chosen } = choose('sale', 'no');
  if (chosen.does !== 'command') throw new Error('a command is expected');
  expect(chosen.usesSent).toBe(true);
  const sent = chosen.toCommand(tree, at);
  const reply = chosen.toReply(addSent(answer, sent.ok ? sent.value : sent.partial));
  expect(reply).toEqual({ return: word, Card: { Number: '7' }, Lines: lines });
  // Of a request that could not be read the structure has nothing, and is left out.
  expect(chosen.toReply(answer)).toEqual({ return: word, Card: null, Lines: lines });
});

test('a structure is there only if it has what it needs; of a list only the items with these codes', () => {
  const card = loadTestContract(table.replace('Check(', 'Card('), {
    requests: { card: { kkm: ['Id', 'requiredText'], cardNumber: ['Card', 'requiredText'] } },
    replies: {
      card: {
        Number: ['cardNumber', 'text'],
        'Burn/On': ['expiringAt', 'moment'],
        'Burn/Sum': ['expiringBonus', 'money'],
      },
    },
    operations: {
      Card: {
        command: 'readCard',
        request: ['', 'shape', 'card'],
        reply: { return: ['code', 'integer'], Card: ['', 'shape', { shape: 'card', when: [0] }] },
      },
    },
  });
  const { toReply } = getCommand(card, 'Card');
  const burning = { code: 0, cardNumber: '7', expiringAt: '2026-12-01T00:00:00', expiringBonus: 100 };
  expect(toReply(burning)).toEqual({
    return: '0',
    Card: { Number: '7', Burn: { On: '2026-12-01T00:00:00', Sum: '1' } },
  });
  expect(toReply({ ...burning, expiringAt: null })).toEqual({ return: '0', Card: { Number: '7', Burn: null } });
  expect(toReply({ ...burning, code: 1 })).toEqual({ return: '1', Card: null });

  const changes = loadTestContract('operation Cards(Id string) -> integer, Wrong Result*\ntype Result: Code string', {
    requests: { ask: { kkm: ['Id', 'requiredText'] } },
    replies: { result: { Code: ['cardNumber', 'text'] } },
    operations: {
      Cards: {
        command: 'getSyncPackage',
        request: ['', 'shape', 'ask'],
        reply: { return: ['code', 'integer'], Wrong: ['cards', 'list', { shape: 'result', when: [0] }] },
      },
    },
  });
  const { toReply: writeChanges } = getCommand(changes, 'Cards');
  const cards = [{ cardNumber: '7' }];
  expect(writeChanges({ code: 0, cards })).toEqual({ return: '0', Wrong: [{ Code: '7' }] });
  expect(writeChanges({ code: 8, cards })).toEqual({ return: '8', Wrong: [] });
});
