// A binding that does not fit its WSDL, or its command, is refused when the service starts: the message names the operation,
// the field and what was expected.
import { loadTestContract } from './testing-contract.ts';

const table =
  'operation Confirm(Till string, Version integer) -> integer\n' +
  'operation Card(Request CardRequest) -> Answer\n' +
  'type CardRequest: Till Till, Number string?, Numbers string*, At dateTime~\n' +
  'type Till: Code string, Shop string?\n' +
  'type Answer: Code integer, Balance decimal, Until dateTime?, Note string, Items Item*\n' +
  'type Item: Name string';

const confirm = {
  command: 'confirmSyncPackage',
  request: ['', 'shape', 'confirm'],
  reply: { return: ['code', 'integer'] },
};
const card = {
  command: 'readCard',
  request: ['Request', 'shape', 'card'],
  reply: {
    'return/Code': ['code', 'integer'],
    'return/Balance': ['bonusBalance', 'money'],
    'return/Note': ['holder', 'text', { none: '' }],
  },
};
const right = {
  requests: {
    confirm: { kkm: ['Till', 'requiredText'], version: ['Version', 'count'] },
    card: { kkm: ['Till/Code', 'requiredText'], cardNumber: ['Number', 'requiredText'], operationAt: ['At', 'moment'] },
  },
  tables: { codes: { OK: 0 }, all: { OK: 0, NO: '*' } },
  operations: { Confirm: confirm, Card: card },
};

test('the binding that the rest of this file spoils is a right one', () => {
  expect([...loadTestContract(table, right).binding].map(([name, bound]) => [name, bound.does])).toEqual([
    ['Confirm', 'command'],
    ['Card', 'command'],
  ]);
});

const withCard = (change: object) => ({ ...right, operations: { ...right.operations, Card: { ...card, ...change } } });
const withReply = (change: object) => withCard({ reply: { ...card.reply, ...change } });
const withRequest = (change: object) => ({
  ...right,
  requests: { ...right.requests, card: { ...right.requests.card, ...change } },
});

test.each([
  ['a key that is not one', { ...right, requestz: {} }, /binding\.json: the file: .*requestz/],
  ['a rule of one part', withReply({ 'return/Code': ['code'] }), /binding\.json: operations\.Card/],
  ['an option that is not one', withReply({ 'return/Code': ['code', 'integer', { digit: 2 }] }), /operations\.Card/],
  ['no moments', { ...right, emptyMoments: undefined }, /binding\.json: emptyMoments: .*array/],
  ['an operation that the WSDL lacks', { ...right, operations: { Cart: card } }, /operation Cart is not in the WSDL/],
  [
    'a command that does not exist',
    withCard({ command: 'readCart' }),
    /Card: there is no command readCart: expected ping/,
  ],
  ['a shape that does not exist', withCard({ request: ['Request', 'shape', 'cart'] }), /Card: there is no shape cart/],
  [
    'a field that is not the command’s',
    withRequest({ cardNo: ['Number', 'text'] }),
    /no field cardNo: it takes kkm, cardN/,
  ],
  ['no place for a field that is needed', withRequest({ cardNumber: undefined }), /cardNumber: the command needs it/],
  ['a place that the schema lacks', withRequest({ shop: ['Till/Shope', 'text'] }), /shop: Till has no element Shope/],
  ['a place inside a text', withRequest({ shop: ['Number/X', 'text'] }), /shop: Number\/X: Number has no elements/],
  ['an attribute that the schema lacks', withRequest({ shop: ['Till/@Id', 'text'] }), /shop: Till has no attribute Id/],
  ['a structure for a text', withRequest({ shop: ['Till', 'text'] }), /shop: Till has elements of its own/],
  ['a list for a text', withRequest({ shop: ['Numbers', 'text'] }), /shop: Numbers is a list/],
  [
    'a transform of another kind',
    withRequest({ kkm: ['Till/Code', 'count'] }),
    /kkm: transform count makes count, expected/,
  ],
  ['a transform that does not exist', withRequest({ kkm: ['Till/Code', 'txt'] }), /kkm: there is no transform txt/],
  [
    'a needed field that may be missing',
    withRequest({ cardNumber: ['Number', 'text'] }),
    /Number may be missing in a req/,
  ],
  [
    'a constant of another kind',
    withRequest({ kkm: ['', 'constant', { value: 5 }] }),
    /the constant 5 is not of kind text/,
  ],
  [
    'a form without a part of a date',
    withRequest({ operationAt: ['At', 'moment', { form: '--' }] }),
    /form "--": expected/,
  ],
  ['a form with a part twice', withRequest({ operationAt: ['At', 'moment', { form: 'DD.DD' }] }), /has DD twice/],
  [
    'a text with two places',
    withRequest({ shop: [['Till/Code', 'Number'], 'text'] }),
    /transform text takes one place/,
  ],
  [
    'a table that does not exist',
    withRequest({ shop: ['Number', 'optionalTable', 'shops'] }),
    /there is no table shops/,
  ],
  [
    'a required element without a rule',
    withReply({ 'return/Balance': undefined }),
    /Answer: element Balance has no rule/,
  ],
  [
    'an element that the reply lacks',
    withReply({ 'return/Sum': ['bonusBalance', 'money'] }),
    /Answer has no element Sum/,
  ],
  [
    'a value that the answer lacks',
    withReply({ 'return/Until': ['untilAt', 'moment'] }),
    /no value untilAt: it has code/,
  ],
  [
    'money as a text',
    withReply({ 'return/Balance': ['bonusBalance', 'text'] }),
    /takes text, and bonusBalance is money/,
  ],
  [
    'no value for a required element',
    withReply({ 'return/Note': ['holder', 'text'] }),
    /holder may have no value.*"none"/,
  ],
  [
    'a table with gaps',
    withReply({ 'return/Note': ['code', 'table', 'codes'] }),
    /table codes has no word for code 1, nor "\*"/,
  ],
  [
    'three digits of a sum',
    withReply({ 'return/Balance': ['bonusBalance', 'money', { digits: 3 }] }),
    /digits: expected 2/,
  ],
  ['a list of what is none', withReply({ 'return/Items': ['holder', 'list', 'x'] }), /there is no shape x/],
  [
    'two rules for one element',
    withReply({ return: ['code', 'integer'] }),
    /return has a rule of its own and rules inside/,
  ],
  [
    'a document that does not exist',
    withCard({ requestDocuments: { 'Request/Number': 'd' } }),
    /there is no document d/,
  ],
  ['an answer that is not one', { ...right, operations: { Card: { answer: 'maybe' } } }, /operations\.Card/],
  ['an upstream without an address', { ...right, operations: { Card: { answer: 'upstream' } } }, /no upstream\.url/],
  ['no cases', { ...right, operations: { Card: { choose: 'Request/Number', cases: {} } } }, /Card: it has no cases/],
  [
    'a choice by what is not there',
    { ...right, operations: { Card: { choose: 'Request/Kind', cases: { a: card } } } },
    /Card: choose: CardRequest has no element Kind/,
  ],
])('%s', (_, binding, message) => {
  expect(() => loadTestContract(table, binding)).toThrow(message);
});

test('binding.json that is not JSON is refused by name', () => {
  expect(() => loadTestContract(table, right, { 'binding.json': '{' })).toThrow(/binding\.json: not JSON/);
});
