// Whatever the values, what is written is read back the same, by this service's reader and by a parser it has nothing to
// do with; and whatever is done to a request, it is read or refused, nothing else. A failure prints its seed.
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { loadContract } from '../../../src/soap/contract/contract.ts';
import { formatDecimal } from '../../../src/soap/contract/lexical-forms.ts';
import { compileReader } from '../../../src/soap/contract/reader.ts';
import { isComplex, type ComplexType, type Field, type ScalarKind } from '../../../src/soap/contract/schema.ts';
import { UnreadableRequest } from '../../../src/soap/contract/unreadable-request.ts';
import type { WireTree, WireValue } from '../../../src/soap/contract/wire-tree.ts';
import { depth, fileSeed } from '../../deep.ts';
import { expectSame } from '../../expect-same.ts';
import { everyTypeModel } from './every-type.ts';
import { compileTextWriter } from './text-writer.ts';

const write = compileTextWriter(everyTypeModel);
const read = compileReader(everyTypeModel);
const contract = loadContract('wsdl/default');

/** Text that XML can hold: what it cannot is left out by the writer, which writer.test.ts shows. */
// oxlint-disable-next-line no-control-regex -- these are the characters in question
const holdable = (text: string) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
const text = fc.string({ unit: 'binary', maxLength: 30 }).map(holdable);
const integer = fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }).map(String);
const decimal = fc
  .tuple(integer, fc.stringMatching(/^(\.[0-9]{1,12})?$/))
  .map((parts) => formatDecimal(parts.join(''))!);
const moment = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(-24, -5));

/** Of the kinds that the contract has; schema-properties.test.ts has the others. */
const scalars: Readonly<Partial<Record<ScalarKind, fc.Arbitrary<string>>>> = {
  string: text,
  decimal,
  integer,
  int: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map(String),
  long: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  double: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => String(value)),
  boolean: fc.constantFrom('true', 'false'),
  dateTime: moment,
  date: moment.map((value) => value.slice(0, 10)),
  time: moment.map((value) => value.slice(11)),
  base64Binary: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('base64')),
};

function arbitraryValue({ type }: Field, level: number): fc.Arbitrary<WireValue> {
  return isComplex(type) ? arbitraryTree(type, level) : scalars[type.kind as ScalarKind]!;
}

/** Only keys that are present: an absent key and an empty list are the same on the wire. */
function arbitraryTree(type: ComplexType, level = 0): fc.Arbitrary<WireTree> {
  const fields = type.fields.map((field): fc.Arbitrary<[string, WireValue][]> => {
    const { name, nillable, optional, repeated } = field;
    const none = fc.constant<[string, WireValue][]>([]);
    if (repeated && level > 3) return none;
    const one = repeated
      ? fc.array(arbitraryValue(field, level + 1), { minLength: 1, maxLength: 3 })
      : arbitraryValue(field, level + 1);
    const nil: fc.Arbitrary<WireValue>[] = nillable && !optional ? [fc.constant(null)] : [];
    const given = fc.oneof(one, ...nil).map((value): [string, WireValue][] => [[name, value]]);
    return optional ? fc.oneof(given, none) : given;
  });
  return fc.tuple(...fields).map((entries) => Object.fromEntries(entries.flat()));
}

type ParsedNode = Record<string, unknown>;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
});

const childrenOf = (node: ParsedNode): readonly ParsedNode[] => {
  const name = Object.keys(node).find((key) => key !== ':@')!;
  return node[name] as ParsedNode[];
};
const nameOf = (node: ParsedNode) =>
  Object.keys(node)
    .find((key) => key !== ':@')!
    .replace('m:', '');

function rebuildValue(node: ParsedNode, { type }: Field): WireValue {
  const attributes = (node[':@'] ?? {}) as Record<string, string>;
  if (attributes['xsi:nil'] === 'true') return null;
  if (isComplex(type)) return rebuildTree(childrenOf(node), type);
  return childrenOf(node)
    .map((child) => child['#text'] as string)
    .join('');
}

function rebuildTree(nodes: readonly ParsedNode[], type: ComplexType): WireTree {
  const tree: Record<string, WireValue> = {};
  for (const node of nodes) {
    if ('#text' in node) continue;
    const field = type.fields.find(({ name }) => name === nameOf(node))!;
    const value = rebuildValue(node, field);
    if (field.repeated) tree[field.name] = [...((tree[field.name] as WireValue[] | undefined) ?? []), value];
    else tree[field.name] = value;
  }
  return tree;
}

/** The wrapper of a reply's envelope. */
function parseWrapper(xml: string): ParsedNode {
  const [envelope] = parser.parse(xml) as ParsedNode[];
  const elements = (node: ParsedNode) => childrenOf(node).filter((child) => !('#text' in child));
  return elements(elements(envelope!)[0]!)[0]!;
}

const echoing = everyTypeModel.operations.filter(({ name }) => ['May', 'Many', 'Tree'].includes(name));
const lineEnds = ['\r\n', '\n'] as const;

test.each(everyTypeModel.operations.filter(({ name }) => name !== 'Strange'))(
  'replies of $name are read by another parser as they were meant',
  ({ name, response }) => {
    fc.assert(
      fc.property(arbitraryTree(response.type), fc.constantFrom(...lineEnds), (reply, lineEnd) => {
        const xml = write(name, '1.1', reply, lineEnd);
        expectSame(XMLValidator.validate(xml), true);
        expectSame(rebuildTree(childrenOf(parseWrapper(xml)), response.type), reply);
      }),
      { numRuns: 70 * depth, seed: fileSeed },
    );
  },
);

test.each(echoing)('a reply of $name sent back as a request is the same value', ({ name, request, response }) => {
  const [parameter] = request.type.fields;
  fc.assert(
    fc.property(arbitraryTree(response.type), fc.constantFrom(...lineEnds), (reply, lineEnd) => {
      const xml = write(name, '1.2', reply, lineEnd)
        .replaceAll(`m:${name}Response`, `m:${name}`)
        .replaceAll('m:return', `m:${parameter!.name}`);
      const call = read(xml);
      expect(call).toMatchObject({ operation: name, version: '1.2' });
      expectSame(call.arguments[parameter!.name], reply['return']);
    }),
    { numRuns: 70 * depth, seed: fileSeed },
  );
});

test('whatever is done to a request, it is read or refused', () => {
  const request = readFileSync('fixtures/recordings/mono-1.1/06-RegisterReceipt.xml', 'utf8');
  const junk = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 3 }),
    fc.constantFrom(
      '<',
      '>',
      '/',
      '&',
      ';',
      '"',
      ' ',
      ':',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<?',
      '?>',
      '&#',
      'xmlns=',
    ),
  );
  const edit = fc.tuple(fc.nat(request.length), fc.nat(5), junk);
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
      let xml = request;
      for (const [at, length, put] of edits) xml = xml.slice(0, at) + put + xml.slice(at + length);
      try {
        contract.readRequest(xml);
      } catch (error) {
        expect(error).toBeInstanceOf(UnreadableRequest);
      }
    }),
    { numRuns: 1_700 * depth, seed: fileSeed },
  );
});

function findVerdict(xml: string): string {
  try {
    return JSON.stringify(contract.readRequest(xml));
  } catch (error) {
    const { fault, element } = error as UnreadableRequest;
    return `${fault} ${element ?? ''}`;
  }
}

test('an attribute on every element, which takes the quick way from the reader, changes no verdict', () => {
  const request = readFileSync('fixtures/recordings/php-1.1/06-RegisterReceipt.xml', 'utf8');
  const edit = fc.tuple(
    fc.nat(request.length),
    fc.nat(3),
    fc.constantFrom('', ' ', 'a', '1', '.', '-', '&amp;', '\r\n', '<!---->', '<![CDATA[1]]>', 'ж', '😀', '\u0001'),
  );
  fc.assert(
    fc.property(edit, ([at, length, put]) => {
      const xml = request.slice(0, at) + put + request.slice(at + length);
      const marked = xml.replace(/<(ns1:\w+)>/g, '<$1 q="">');
      expectSame(findVerdict(marked), findVerdict(xml));
    }),
    { numRuns: 1_700 * depth, seed: fileSeed },
  );
});
