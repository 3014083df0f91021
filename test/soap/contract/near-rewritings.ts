// Requests that differ little from a good one and must be refused, nothing done. They are made from an envelope of an
// operation whose argument holds a receipt's key and a sum.
import { plainStyle, renderEnvelope, type EnvelopeNode } from './envelope-tree.ts';
import { readBase, type Rewriting } from './rewritings.ts';

export interface NearRewriting extends Rewriting {
  readonly fault: 'client' | 'mustUnderstand' | 'versionMismatch';
}

interface Good {
  /** Rendered plainly, prefixes soap and m. */
  readonly xml: string;
  readonly envelope: EnvelopeNode;
  readonly wrapper: string;
  /** A mandatory moment and the element after it, a sum with a fraction, a mandatory whole number, by name. */
  readonly moment: string;
  readonly follower: string;
  readonly sum: string;
  readonly whole: string;
}

function findGood(xml: string): Good {
  const { envelope } = readBase(xml);
  const wrapper = envelope.children[0]!.children[0]!;
  const fields = wrapper.children[0]?.children ?? [];
  const at = fields.findIndex((field) => /^\d{4}-\d\d-\d\dT/.test(field.text));
  const sum = fields.find((field) => /^\d+\.\d+$/.test(field.text));
  const whole = fields.find((field) => /^\d{1,6}$/.test(field.text));
  const follower = fields[at + 1];
  if (at === -1 || !follower || !sum || !whole) throw new Error('the request has no receipt key with a sum');
  return {
    xml: renderEnvelope(envelope, plainStyle),
    envelope,
    wrapper: wrapper.local,
    moment: fields[at]!.local,
    follower: follower.local,
    sum: sum.local,
    whole: whole.local,
  };
}

const element = (good: Good, name: string): string =>
  new RegExp(`<m:${name}(?:/>|>[^<]*</m:${name}>)`).exec(good.xml)![0];

/** The first element of the name, replaced. */
const swap = (good: Good, name: string, by: string): string => good.xml.replace(element(good, name), () => by);
const setValue = (good: Good, name: string, value: string) => swap(good, name, `<m:${name}>${value}</m:${name}>`);
const setAttribute = (good: Good, name: string, attribute: string) =>
  swap(good, name, element(good, name).replace(`m:${name}`, `m:${name} ${attribute}`));
const once = (text: string, from: string, to: string): string => {
  if (!text.includes(from)) throw new Error(`nothing to replace: ${from}`);
  return text.replace(from, () => to);
};

const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
type Change = (good: Good) => string | Buffer;
type Changes = Readonly<Record<string, Change>>;

const shape: Changes = {
  'wrong namespace of the wrapper': ({ xml, envelope }) => {
    const { namespace } = envelope.children[0]!.children[0]!;
    return once(xml, `"${namespace}"`, `"${namespace}/"`);
  },
  'no namespace of the wrapper': ({ xml }) => once(xml, ' xmlns:m=', ' xmlns:n=').replaceAll('m:', ''),
  'children in no namespace': (good) => swap(good, good.moment, element(good, good.moment).replaceAll('m:', '')),
  'child in another namespace': (good) =>
    swap(good, good.moment, element(good, good.moment).replace(/^<m:\w+/, '$& xmlns:m="urn:other"')),
  'unknown operation': ({ xml, wrapper }) => xml.replaceAll(`m:${wrapper}`, `m:${wrapper}2`),
  'operation in other letters': ({ xml, wrapper }) => xml.replaceAll(`m:${wrapper}`, `m:${wrapper.toLowerCase()}`),
  'parameters of another operation': ({ xml, wrapper }) => xml.replaceAll(`m:${wrapper}`, 'm:GetSyncPackage'),
  'order of two elements swapped': (good) => {
    const [moment, follower] = [element(good, good.moment), element(good, good.follower)];
    return once(good.xml, moment + follower, follower + moment);
  },
  'mandatory element missing': (good) => swap(good, good.moment, ''),
  'last mandatory element missing': (good) => swap(good, good.sum, ''),
  'parameter missing': ({ xml, wrapper }) =>
    xml.replace(/<m:(\w+) [^>]*>.*<\/m:\1>/, (all) => `${/^<[^>]*>/.exec(all)![0]}</m:${wrapper}>`),
  'wrapper nil with mandatory parameters': ({ xml, wrapper }) =>
    xml.replace(/<m:(\w+)( [^>]*)>.*<\/m:\1>/, (_, __, rest: string) => `<m:${wrapper}${rest} ${xsi} xsi:nil="true"/>`),
  'unknown element': (good) => swap(good, good.moment, `${element(good, good.moment)}<m:Unknown>1</m:Unknown>`),
  'unknown empty element at the end': ({ xml, wrapper }) => once(xml, `</m:${wrapper}>`, `<m:Unknown/></m:${wrapper}>`),
  'element repeated': (good) => swap(good, good.moment, element(good, good.moment).repeat(2)),
  'element again at the end': (good) => {
    const parameter = good.envelope.children[0]!.children[0]!.children[0]!.local;
    return once(good.xml, `</m:${parameter}>`, `${element(good, good.moment)}</m:${parameter}>`);
  },
  'element in other letters': (good) =>
    swap(good, good.moment, element(good, good.moment).replaceAll(good.moment, good.moment.toLowerCase())),
  'element called __proto__': (good) =>
    swap(good, good.moment, `<m:__proto__>1</m:__proto__>${element(good, good.moment)}`),
  'text between elements': (good) => swap(good, good.moment, `и${element(good, good.moment)}`),
  'CDATA between elements': (good) => swap(good, good.moment, `<![CDATA[1]]>${element(good, good.moment)}`),
  'element inside a value': (good) => setValue(good, good.moment, '2026-11-22T10:11:12<m:a/>'),
  'nil where it may not be': (good) => swap(good, good.moment, `<m:${good.moment} ${xsi} xsi:nil="true"/>`),
  'nil that is neither true nor false': (good) => setAttribute(good, good.moment, `${xsi} xsi:nil="maybe"`),
  'two calls in the body': ({ xml }) => xml.replace(/<soap:Body>(.*)<\/soap:Body>/, '<soap:Body>$1$1</soap:Body>'),
  'empty body': ({ xml }) => xml.replace(/<soap:Body>.*<\/soap:Body>/, '<soap:Body/>'),
  'no body': ({ xml }) => xml.replace(/<soap:Body>.*<\/soap:Body>/, ''),
  'text in the body': ({ xml }) => once(xml, '<soap:Body>', '<soap:Body>1'),
  'header after the body': ({ xml }) => once(xml, '</soap:Body>', '</soap:Body><soap:Header/>'),
  'two headers': ({ xml }) => once(xml, '<soap:Body>', '<soap:Header/><soap:Header/><soap:Body>'),
  'second body': ({ xml }) => xml.replace(/<soap:Body>.*<\/soap:Body>/, '$&$&'),
  'call without an envelope': ({ xml }) => xml.replace(/^.*<soap:Body>(.*)<\/soap:Body>.*$/, '$1'),
};

const values: Changes = {
  'sum with an exponent': (good) => setValue(good, good.sum, '1e3'),
  'sum without end': (good) => setValue(good, good.sum, 'INF'),
  'sum that is not a number': (good) => setValue(good, good.sum, 'NaN'),
  'sum with a comma': (good) => setValue(good, good.sum, '20,5'),
  'sum with a blank inside': (good) => setValue(good, good.sum, '1 000.5'),
  'sum with two points': (good) => setValue(good, good.sum, '1.000.5'),
  'sum in Arabic figures': (good) => setValue(good, good.sum, '٢٠'),
  'sum with a comment for a figure': (good) => setValue(good, good.sum, '<!--20.5-->'),
  'empty sum': (good) => setValue(good, good.sum, ''),
  'whole number with a fraction': (good) => setValue(good, good.whole, '12.0'),
  'hexadecimal whole number': (good) => setValue(good, good.whole, '0x1F'),
  'a day that is not in the calendar': (good) => setValue(good, good.moment, '2026-02-30T10:11:12'),
  'the 29th of February of a common year': (good) => setValue(good, good.moment, '2100-02-29T10:11:12'),
  'an hour that is not on the clock': (good) => setValue(good, good.moment, '2026-11-22T25:11:12'),
  'a date without a time': (good) => setValue(good, good.moment, '2026-11-22'),
  'a blank for the T': (good) => setValue(good, good.moment, '2026-11-22 10:11:12'),
  'a date as people write it': (good) => setValue(good, good.moment, '22.11.2026 10:11:12'),
  'a year nought': (good) => setValue(good, good.moment, '0000-11-22T10:11:12'),
  'a zone without its colon': (good) => setValue(good, good.moment, '2026-11-22T10:11:12+0300'),
};

const xml: Changes = {
  'a DOCTYPE': (good) => once(good.xml, '?>', '?><!DOCTYPE a>'),
  'a DOCTYPE with an entity': (good) =>
    once(setValue(good, good.moment, '&e;'), '?>', '?><!DOCTYPE a [<!ENTITY e "1">]>'),
  'an unknown entity': (good) => setValue(good, good.moment, '&nbsp;2026-11-22T10:11:12'),
  'a bare ampersand': (good) => setValue(good, good.follower, 'a & b'),
  'a reference to nought': (good) => setValue(good, good.follower, '&#0;'),
  'a reference to half a character': (good) => setValue(good, good.follower, '&#xD800;'),
  'a reference without its end': (good) => setValue(good, good.follower, '&#65'),
  'a control character': (good) => setValue(good, good.follower, '\u0001'),
  'a character that XML excludes': (good) => setValue(good, good.follower, '\uFFFF'),
  'the end of CDATA without its beginning': (good) => setValue(good, good.follower, ']]>'),
  'two hyphens in a comment': (good) => once(good.xml, '<soap:Body>', '<!-- a -- b --><soap:Body>'),
  'an undeclared prefix': (good) => once(good.xml, '<soap:Body>', '<soap:Body u:a="1">'),
  'an attribute twice': (good) => once(good.xml, '<soap:Body>', '<soap:Body a="1" a="1">'),
  'an attribute twice under two prefixes': (good) =>
    once(good.xml, '<soap:Body>', '<soap:Body xmlns:a="urn:a" xmlns:b="urn:a" a:c="1" b:c="1">'),
  'an attribute without quotes': (good) => once(good.xml, '<soap:Body>', '<soap:Body a=1>'),
  'a tag in an attribute': (good) => once(good.xml, '<soap:Body>', '<soap:Body a="<">'),
  'attributes without a blank between': (good) => once(good.xml, '<soap:Body>', '<soap:Body a="1"b="2">'),
  'an end tag in other letters': (good) => once(good.xml, '</soap:Body>', '</soap:body>'),
  'an end tag under another prefix': (good) =>
    once(
      good.xml.replace('</soap:Body>', '</s:Body>'),
      '<soap:Envelope',
      '<soap:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"',
    ),
  'an end cut off': (good) => good.xml.slice(0, -1),
  'half a request': (good) => good.xml.slice(0, good.xml.length / 2),
  'text after the envelope': (good) => `${good.xml}ok`,
  'a second envelope': (good) => good.xml + good.xml.replace(/<\?.*?\?>/, ''),
  'a nought after the envelope': (good) => `${good.xml}\0`,
  'a blank before the declaration': (good) => ` ${good.xml}`,
  'a declaration in the middle': (good) => once(good.xml, '<soap:Body>', '<?xml version="1.0"?><soap:Body>'),
  'another version of XML': (good) => once(good.xml, 'version="1.0"', 'version="2.0"'),
  'a declaration out of order': (good) => good.xml.replace(/<\?.*?\?>/, '<?xml encoding="utf-8" version="1.0"?>'),
  'nothing at all': () => '',
  'blanks only': () => ' \n ',
  'something else': () => '{"jsonrpc":"2.0"}',
  'bytes that are not UTF-8': (good) =>
    Buffer.concat([Buffer.from(setValue(good, good.follower, '')), Buffer.of(0xc3, 0x28)]),
  'UTF-16 of an odd length': (good) => Buffer.concat([Buffer.from(`\uFEFF${good.xml}`, 'utf16le'), Buffer.of(0x20)]),
};

const must = (good: Good, block: string) =>
  once(good.xml, '<soap:Body>', `<soap:Header>${block}</soap:Header><soap:Body>`);
const mustUnderstand: Changes = {
  'a header that must be understood': (good) => must(good, '<b:a xmlns:b="urn:b" soap:mustUnderstand="1"/>'),
  'a header that must be understood, in words': (good) =>
    must(good, '<b:a xmlns:b="urn:b" soap:mustUnderstand="true"/>'),
  'a second header that must be understood': (good) =>
    must(good, '<b:a xmlns:b="urn:b"><b:c/></b:a><b:d xmlns:b="urn:b" soap:mustUnderstand="1">1</b:d>'),
  'a header that whoever is next must understand': (good) =>
    must(
      good,
      '<b:a xmlns:b="urn:b" soap:mustUnderstand="1" soap:actor="http://schemas.xmlsoap.org/soap/actor/next"' +
        ' soap:role="http://www.w3.org/2003/05/soap-envelope/role/next"/>',
    ),
};

const versionMismatch: Changes = {
  'an envelope of another namespace': ({ xml: text, envelope }) =>
    once(text, `"${envelope.namespace}"`, '"urn:envelope"'),
  'an envelope of no namespace': ({ xml: text, envelope }) =>
    once(text, ` xmlns:soap="${envelope.namespace}"`, '').replaceAll('soap:', ''),
};

const headersOnly: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'an unknown charset': { 'content-type': 'text/xml; charset=utf-9' },
  'a charset that the bytes are not in': { 'content-type': 'text/xml; charset=utf-16le' },
};

/** Requests that must be refused, each with the kind of fault. */
export function nearEquivalents(request: string): NearRewriting[] {
  const good = findGood(request);
  const { headers } = readBase(request);
  const kinds = [
    ['client', { ...shape, ...values, ...xml }],
    ['mustUnderstand', mustUnderstand],
    ['versionMismatch', versionMismatch],
  ] as const;
  const changed = kinds.flatMap(([fault, changes]) =>
    Object.entries(changes).map(([name, change]) => ({
      name,
      fault,
      body: Buffer.from(change(good) as string),
      headers,
    })),
  );
  const sent = Object.entries(headersOnly).map(([name, other]) => ({
    name,
    fault: 'client' as const,
    body: Buffer.from(good.xml),
    headers: { ...headers, ...other },
  }));
  return [...changed, ...sent];
}
