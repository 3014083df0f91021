// One call, written in every way that real clients write it, and in ways that look nearly so and must be refused. The
// same lists are read directly here and sent over HTTP by the tests of the service, whose infobase is in Moscow.
import { addSeconds, type LocalDateTime } from '../../../src/ledger/local-date-time.ts';
import { escapeXml, mapLeaves, parseEnvelope, plainStyle, renderEnvelope } from './envelope-tree.ts';
import type { EnvelopeNode, Style } from './envelope-tree.ts';

export interface Rewriting {
  readonly name: string;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** To be sent with Transfer-Encoding: chunked, in small pieces. */
  readonly chunked?: true;
}

interface Variant {
  readonly name: string;
  readonly style?: Partial<Style>;
  readonly change?: (envelope: EnvelopeNode) => EnvelopeNode;
  readonly encode?: (xml: string) => Buffer;
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

const declaration = (rest: string) => ({ prolog: `<?xml ${rest}?>` });
const comment = '<!-- касса & <чек> ]]> &нет; -->';

const prefixes: readonly Variant[] = [
  ['SOAP-ENV', 'ns1'],
  ['soapenv', ''],
  ['S', 'ns2'],
  ['env', 'tns'],
  ['', 'm'],
  ['', ''],
  ['soap', 'xsd'],
  ['m', 'soap'],
  ['конверт', 'касса'],
  ['_', 'a.b-c_1'],
].flatMap(([envelopePrefix, contractPrefix]) =>
  (['envelope', 'body', 'wrapper', 'each'] as const).map((declareAt) => ({
    name: `prefixes "${envelopePrefix}" and "${contractPrefix}" declared at ${declareAt}`,
    style: { envelopePrefix: envelopePrefix!, contractPrefix: contractPrefix!, declareAt },
  })),
);

const declarations: readonly Variant[] = [
  { name: 'no declaration', style: { prolog: '' } },
  { name: 'declaration with a blank at its end', style: declaration('version="1.0" ') },
  { name: 'declaration without an encoding', style: declaration('version="1.0"') },
  { name: 'declaration in single quotes', style: declaration("version='1.0' encoding='utf-8'") },
  { name: 'declaration with standalone', style: declaration('version="1.0" encoding="utf-8" standalone="yes"') },
  { name: 'declaration with blanks round =', style: declaration('version = "1.0"\n\tencoding = "utf-8"') },
  { name: 'line end behind the declaration', style: { prolog: `${plainStyle.prolog}\r\n` } },
  { name: 'instruction before the envelope', style: { prolog: `${plainStyle.prolog}<?xml-stylesheet href="a"?>` } },
  { name: 'comment before the envelope', style: { prolog: `${plainStyle.prolog}${comment}` } },
  { name: 'comment instead of the declaration', style: { prolog: comment } },
  { name: 'comment and blanks after the envelope', style: { epilog: `\n${comment}\n` } },
  { name: 'instruction after the envelope', style: { epilog: '<?end?>' } },
];

const layouts: readonly Variant[] = [
  { name: 'each element on a line', style: { between: (depth) => `\n${'  '.repeat(depth)}` } },
  { name: 'CRLF and tabs', style: { between: (depth) => `\r\n${'\t'.repeat(depth)}` } },
  { name: 'bare carriage returns between elements', style: { between: () => '\r' } },
  { name: 'comments between elements', style: { between: () => comment } },
  { name: 'comments and blanks between elements', style: { between: (depth) => `\n${comment}\n${' '.repeat(depth)}` } },
  { name: 'instructions between elements', style: { between: () => '<?note a < b & c?>' } },
  { name: 'CDATA of nothing between elements', style: { between: () => '<![CDATA[]]>' } },
  { name: 'blanks inside tags', style: { tagEnd: ' ' } },
  { name: 'line ends inside tags', style: { tagEnd: '\r\n' } },
  { name: 'attributes in single quotes', style: { quote: "'" } },
  { name: 'blanks round = of attributes', style: { equals: ' = ' } },
  { name: 'line ends round = of attributes', style: { equals: '\n=\t' } },
  { name: 'empty elements as pairs', style: { writeEmpty: (name, attributes) => `<${name}${attributes}></${name}>` } },
  {
    name: 'empty elements with a comment inside',
    style: { writeEmpty: (name, attributes) => `<${name}${attributes}>${comment}</${name}>` },
  },
  { name: 'xsi under another prefix', style: { xsiPrefix: 'i' } },
];

const reference = (write: (code: number) => string) => (text: string) =>
  Array.from(text)
    .map((character) => write(character.codePointAt(0)!))
    .join('');
const pieces = (write: (piece: string, index: number) => string) => (text: string) =>
  Array.from(text)
    .map((character, index) => write(character, index))
    .join('');

const texts: readonly Variant[] = [
  { name: 'values in CDATA', style: { writeText: (text) => `<![CDATA[${text}]]>` } },
  { name: 'values in CDATA by characters', style: { writeText: pieces((piece) => `<![CDATA[${piece}]]>`) } },
  {
    name: 'values half in CDATA',
    style: { writeText: (text) => `${escapeXml(text.slice(0, 1))}<![CDATA[${text.slice(1)}]]>` },
  },
  { name: 'values after empty CDATA', style: { writeText: (text) => `<![CDATA[]]>${escapeXml(text)}<![CDATA[]]>` } },
  { name: 'values in decimal references', style: { writeText: reference((code) => `&#${code};`) } },
  { name: 'values in hexadecimal references', style: { writeText: reference((code) => `&#x${code.toString(16)};`) } },
  {
    name: 'references in capitals, with noughts',
    style: { writeText: reference((code) => `&#x000${code.toString(16).toUpperCase()};`) },
  },
  {
    name: 'other than ASCII in references',
    style: {
      writeText: reference((code) => (code > 126 ? `&#x${code.toString(16)};` : escapeXml(String.fromCodePoint(code)))),
    },
  },
  {
    name: 'comments inside values',
    style: { writeText: pieces((piece, index) => (index === 1 ? comment : '') + escapeXml(piece)) },
  },
  { name: 'instructions inside values', style: { writeText: (text) => `<?a?>${escapeXml(text)}<?b c?>` } },
  {
    name: 'quotes in references',
    style: { writeText: (text) => escapeXml(text).replaceAll('"', '&quot;').replaceAll("'", '&apos;') },
  },
  { name: 'greater-than written plainly', style: { writeText: (text) => escapeXml(text).replaceAll('&gt;', '>') } },
];

const foreign = 'xmlns:f="urn:foreign"';
const attributes: readonly Variant[] = [
  ...['envelopeAttributes', 'bodyAttributes', 'wrapperAttributes', 'leafAttributes'].flatMap((place) => [
    { name: `foreign attribute in ${place}`, style: { [place]: ` ${foreign} f:id="1" id="2"` } },
    { name: `language and space in ${place}`, style: { [place]: ' xml:lang="ru" xml:space="preserve"' } },
    { name: `unused declarations in ${place}`, style: { [place]: ' xmlns:u1="urn:u" xmlns:u2="urn:u"' } },
    {
      name: `encodingStyle in ${place}`,
      style: {
        [place]:
          ' xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" e:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"',
      },
    },
  ]),
  {
    name: 'xsi:type on every value',
    style: {
      envelopeAttributes:
        ' xmlns:t="http://www.w3.org/2001/XMLSchema-instance" xmlns:xs="http://www.w3.org/2001/XMLSchema"',
      leafAttributes: ' t:type="xs:string"',
    },
  },
];

const headerBlocks: readonly Variant[] = [
  { name: 'empty Header', style: { header: (p) => `<${p}Header/>` } },
  { name: 'empty Header as a pair', style: { header: (p) => `<${p}Header> </${p}Header>` } },
  {
    name: 'unknown header block',
    style: { header: (p) => `<${p}Header><b:a xmlns:b="urn:b"><b:c>1</b:c></b:a></${p}Header>` },
  },
  {
    name: 'header block that need not be understood',
    style: {
      header: (p) => `<${p}Header><b:a xmlns:b="urn:b" ${p === '' ? '' : `${p}mustUnderstand="0"`}/></${p}Header>`,
    },
  },
  {
    name: 'header block for another',
    style: {
      header: (p) =>
        `<${p}Header><b:a xmlns:b="urn:b" ${p === '' ? '' : `${p}mustUnderstand="1" ${p}actor="urn:x" ${p}role="urn:x"`}/></${p}Header>`,
    },
  },
  {
    name: 'Body of nobody inside Header',
    style: { header: (p) => `<${p}Header><Body xmlns="urn:b"><Body/></Body></${p}Header>` },
  },
];

const moment = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?$/;
const changeMoment = (write: (moment: string) => string) => (envelope: EnvelopeNode) =>
  mapLeaves(envelope, (text) => (moment.test(text) ? write(text.slice(0, 19)) : text));
/** The moment of a wall clock in Moscow on one that is so many minutes further west; the empty date is empty anywhere. */
const goWest = (text: string, minutes: number) =>
  text.startsWith('0001-') ? text : addSeconds(text as LocalDateTime, -60 * minutes);
const changeText = (form: RegExp, write: (text: string) => string) => (envelope: EnvelopeNode) =>
  mapLeaves(envelope, (text) => (form.test(text) ? write(text) : text));

const values: readonly Variant[] = [
  { name: 'dates with a Z', change: changeMoment((text) => `${goWest(text, 180)}Z`) },
  { name: 'dates with milliseconds and a Z', change: changeMoment((text) => `${goWest(text, 180)}.000Z`) },
  { name: 'dates with the zone of the shop', change: changeMoment((text) => `${text}+03:00`) },
  { name: 'dates with an eastern zone', change: changeMoment((text) => `${goWest(text, -9 * 60)}+12:00`) },
  {
    name: 'dates with a fraction and a western zone',
    change: changeMoment((text) => `${goWest(text, (11 + 3) * 60 + 30)}.1234567-11:30`),
  },
  { name: 'dates among blanks', change: changeMoment((text) => `\n ${text}\t`) },
  { name: 'sums with a plus', change: changeText(/^\d+\.\d+$/, (text) => `+${text}`) },
  { name: 'sums among blanks', change: changeText(/^\d+\.\d+$/, (text) => `  ${text}\r\n`) },
  { name: 'truth in figures', change: changeText(/^(true|false)$/, (text) => (text === 'true' ? '1' : '0')) },
  { name: 'truth among blanks', change: changeText(/^(true|false)$/, (text) => ` ${text} `) },
];

/** Text in a one-byte encoding; what it does not have becomes a character reference. */
export function encodeSingleByte(xml: string, encoding: string): Buffer {
  const decoder = new TextDecoder(encoding);
  const bytes = new Map(Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]));
  return Buffer.concat(
    Array.from(xml).map((character) => {
      const byte = bytes.get(character);
      return byte === undefined ? Buffer.from(`&#${character.codePointAt(0)!};`) : Buffer.of(byte);
    }),
  );
}

const utf16be = (xml: string) => Buffer.from(xml, 'utf16le').swap16();
const typed = (charset: string) => ({ 'content-type': `text/xml; charset=${charset}` });
const untyped = { 'content-type': 'text/xml' };

const encodings: readonly Variant[] = [
  { name: 'UTF-8 with a mark', encode: (xml) => Buffer.from(`\uFEFF${xml}`) },
  { name: 'UTF-8 with a mark, no charset', encode: (xml) => Buffer.from(`\uFEFF${xml}`), headers: untyped },
  { name: 'mark against the charset', encode: (xml) => Buffer.from(`\uFEFF${xml}`), headers: typed('windows-1251') },
  { name: 'UTF-8 by default', headers: untyped, style: { prolog: '' } },
  ...['ISO-8859-1', 'US-ASCII', 'windows-1251', 'windows-1252', 'koi8-r'].flatMap((name) => [
    { name: `UTF-8 under the charset ${name}`, headers: typed(name) },
    {
      name: `UTF-8 declared to be ${name}`,
      headers: untyped,
      style: declaration(`version="1.0" encoding="${name}"`),
    },
  ]),
  { name: 'UTF-16 under the charset UTF-8', encode: (xml) => Buffer.from(xml, 'utf16le'), headers: typed('utf-8') },
  { name: 'UTF-16BE under the charset ISO-8859-1', encode: utf16be, headers: typed('ISO-8859-1') },
  {
    name: 'windows-1251 by its declaration under US-ASCII',
    style: declaration('version="1.0" encoding="windows-1251"'),
    encode: (xml) => encodeSingleByte(xml, 'windows-1251'),
    headers: typed('us-ascii'),
  },
  { name: 'UTF-16LE with a mark', encode: (xml) => Buffer.from(`\uFEFF${xml}`, 'utf16le') },
  { name: 'UTF-16BE with a mark', encode: (xml) => utf16be(`\uFEFF${xml}`) },
  {
    name: 'UTF-16LE with a mark, no charset',
    encode: (xml) => Buffer.from(`\uFEFF${xml}`, 'utf16le'),
    headers: untyped,
  },
  { name: 'UTF-16LE by its charset', encode: (xml) => Buffer.from(xml, 'utf16le'), headers: typed('utf-16le') },
  { name: 'UTF-16BE by its charset', encode: utf16be, headers: typed('UTF-16BE') },
  { name: 'UTF-16 of open order, big end first', encode: utf16be, headers: typed('utf-16') },
  {
    name: 'UTF-16 of open order, little end first',
    encode: (xml) => Buffer.from(xml, 'utf16le'),
    headers: typed('UTF-16'),
  },
  { name: 'UTF-16LE unannounced', encode: (xml) => Buffer.from(xml, 'utf16le'), headers: untyped },
  { name: 'UTF-16BE unannounced', encode: utf16be, headers: untyped },
  { name: 'UTF-16 declared, UTF-8 sent', headers: untyped, style: declaration('version="1.0" encoding="utf-16"') },
  ...['windows-1251', 'koi8-r', 'iso-8859-5', 'ibm866'].flatMap((name) => [
    { name: `${name} by its charset`, encode: (xml: string) => encodeSingleByte(xml, name), headers: typed(name) },
    {
      name: `${name} by its declaration`,
      style: declaration(`version="1.0" encoding="${name}"`),
      encode: (xml: string) => encodeSingleByte(xml, name),
      headers: untyped,
    },
  ]),
  {
    name: 'charset against the declaration',
    style: declaration('version="1.0" encoding="utf-8"'),
    encode: (xml) => encodeSingleByte(xml, 'windows-1251'),
    headers: typed('"Windows-1251"'),
  },
];

function listHeaders(namespace: string, operation: string): Variant[] {
  const action = `${namespace}#KKMTransfer:${operation}`;
  const other = `${namespace}#KKMTransfer:${operation === 'Ping' ? 'GetServiceInfo' : 'Ping'}`;
  const types: readonly (string | undefined)[] = [
    'text/xml; charset=utf-8',
    'text/xml;charset="UTF-8"',
    'TEXT/XML; CHARSET=utf8',
    `application/soap+xml; charset=utf-8; action="${action}"`,
    `application/soap+xml;charset=utf-8;action=${action}`,
    `application/soap+xml; action="${other};charset=koi8-r"`,
    'application/soap+xml',
    'application/x-www-form-urlencoded',
    'application/json',
    'text/plain',
    undefined,
  ];
  const actions = [`"${action}"`, action, '""', '', undefined, `"${other}"`, 'urn:nothing', '"????"'];
  return types.flatMap((type) =>
    actions.map((soapAction) => ({
      name: `Content-Type ${type ?? 'absent'}, SOAPAction ${soapAction ?? 'absent'}`,
      headers: { 'content-type': type, soapaction: soapAction },
    })),
  );
}

function combine(a: Variant, b: Variant): Variant {
  const { change: first, encode = b.encode } = a;
  const change = first && b.change ? (node: EnvelopeNode) => b.change!(first(node)) : (first ?? b.change);
  return {
    name: `${a.name} + ${b.name}`,
    style: { ...a.style, ...b.style },
    ...(change === undefined ? {} : { change }),
    ...(encode === undefined ? {} : { encode }),
    headers: { ...a.headers, ...b.headers },
  };
}

/** Each of one list with one of another, in rotation; few enough to send, and every variant is combined with several. */
function pair(one: readonly Variant[], other: readonly Variant[]): Variant[] {
  return one.map((variant, index) => combine(variant, other[(index * 7 + 3) % other.length]!));
}

function build(
  envelope: EnvelopeNode,
  { name, style, change, encode, headers }: Variant,
  base: Record<string, string>,
) {
  const xml = renderEnvelope(change ? change(envelope) : envelope, { ...plainStyle, ...style });
  const kept = Object.entries({ ...base, ...headers }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return { name, body: encode ? encode(xml) : Buffer.from(xml), headers: Object.fromEntries(kept) };
}

export function readBase(xml: string): { envelope: EnvelopeNode; headers: Record<string, string>; action: string } {
  const envelope = parseEnvelope(xml);
  const wrapper = envelope.children[0]!.children[0]!;
  const action = `${wrapper.namespace}#KKMTransfer:${wrapper.local}`;
  return { envelope, headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: `"${action}"` }, action };
}

/** Rewritings of one request that must all be read as the same call. */
export function equivalents(xml: string): Rewriting[] {
  const { envelope, headers } = readBase(xml);
  const wrapper = envelope.children[0]!.children[0]!;
  const single = [
    ...prefixes,
    ...declarations,
    ...layouts,
    ...texts,
    ...attributes,
    ...headerBlocks,
    ...values,
    ...encodings,
  ];
  const variants = [
    ...single,
    ...pair(texts, layouts),
    ...pair(values, texts),
    ...pair(headerBlocks, prefixes),
    ...pair(layouts, attributes),
    ...pair(encodings, values),
    ...listHeaders(wrapper.namespace, wrapper.local),
  ];
  const built: Rewriting[] = variants.map((variant) => build(envelope, variant, headers));
  const chunked = built.filter((_, index) => index % 20 === 0);
  const seen = new Set<string>();
  return [
    ...built,
    ...chunked.map((one) => ({ ...one, name: `${one.name}, in chunks`, chunked: true as const })),
  ].filter((one) => {
    const key = `${one.body.toString('base64')} ${JSON.stringify(one.headers)} ${one.chunked ?? ''}`;
    return !seen.has(key) && seen.add(key);
  });
}
