// Which texts are one XML to a client, which are not, and which are refused, with a reason in our own words.
import { isUnreadableXml, parseXml } from '../../src/replay/canonical.ts';
import { compareTrees } from '../../src/replay/compare.ts';

function isEqual(one: string, other: string): boolean {
  return compareTrees(parseXml(one), parseXml(other)).differences.length === 0;
}

function refusalOf(text: string): string {
  try {
    parseXml(text);
  } catch (error) {
    if (isUnreadableXml(error)) return error.message;
    throw error;
  }
  throw new Error('it was read');
}

const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

describe('equal', () => {
  test.each([
    ['prefixes', '<a:x xmlns:a="u"><a:y/></a:x>', '<x xmlns="u"><b:y xmlns:b="u"/></x>'],
    ['a prefix declared anew below', '<a xmlns:p="u"><p:b xmlns:p="v"/></a>', '<a><b xmlns="v"/></a>'],
    ['a default namespace taken back', '<x xmlns="u"><y xmlns=""/></x>', '<p:x xmlns:p="u"><y/></p:x>'],
    ['attribute order and quotes', `<a b="1" c="2"/>`, `<a c='2'  b='1' />`],
    ['attribute prefixes', '<a p:b="1" xmlns:p="u"/>', '<a xmlns:q="u" q:b="1"/>'],
    ['tabs and line ends in attributes', '<a b="1 2 3"/>', '<a b="1\r\n2\t3"/>'],
    ['blanks between elements', '<a><b/><c/></a>', '<a>\r\n\t<b/>\r\n\t<c/>\r\n</a>\r\n'],
    ['line ends inside text', '<a>1\n2</a>', '<a>1\r\n2</a>'],
    ['declaration and byte order mark', '<a/>', '\uFEFF<?xml version="1.0" encoding="UTF-8"?>\n<a/>'],
    ['comments and instructions', '<a>12</a>', '<!-- <b> --><a>1<!-- & --><?p q?>2</a><!-- -->'],
    ['CDATA and text', '<a>1 &lt; 2 &amp; 3</a>', '<a>1 <![CDATA[< 2 &]]> 3</a>'],
    ['empty CDATA', '<a/>', '<a><![CDATA[]]></a>'],
    ['character references', '<a b="Т">Карта &amp;</a>', '<a b="&#1058;">&#x41A;&#x430;рта &#38;</a>'],
    ['the five entities', `<a>&lt;&gt;&amp;&quot;&apos;</a>`, `<a>&#60;&#62;&#38;"'</a>`],
    ['nil as 1', `<a ${xsi} xsi:nil="1"/>`, '<a xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>'],
    ['nil as false', `<a ${xsi} xsi:nil="0">1</a>`, '<a>1</a>'],
    [
      'prefixes of xsi:type',
      `<a ${xsi} xmlns:xs="u" xsi:type="xs:decimal">1</a>`,
      '<a xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns:d="u" i:type=" d:decimal ">1</a>',
    ],
    [
      'xsi:type in the default namespace',
      `<a xmlns="u" ${xsi} xsi:type="b"/>`,
      `<a xmlns="u" xmlns:p="u" ${xsi} xsi:type="p:b"/>`,
    ],
    ['declarations nobody uses', `<a ${xsi} xmlns:xs="http://www.w3.org/2001/XMLSchema">1</a>`, '<a>1</a>'],
    [
      'prefixes of a fault code',
      '<s:a xmlns:s="u"><faultcode>s:Server</faultcode></s:a>',
      '<a xmlns="u" xmlns:t="u"><faultcode xmlns="">t:Server</faultcode></a>',
    ],
    [
      'prefixes of a fault code, SOAP 1.2',
      '<s:Value xmlns:s="http://www.w3.org/2003/05/soap-envelope">s:Receiver</s:Value>',
      '<Value xmlns="http://www.w3.org/2003/05/soap-envelope" xmlns:e="http://www.w3.org/2003/05/soap-envelope">e:Receiver</Value>',
    ],
    ['Cyrillic names', '<т:Карта xmlns:т="u" т:вид="1"/>', '<Карта xmlns="u" xmlns:k="u" k:вид="1"/>'],
    ['an element named like a property', '<toString valueOf="1"/>', '<toString valueOf="1"></toString>'],
  ])('%s', (_case, one, other) => {
    expect(isEqual(one, other)).toBe(true);
    expect(isEqual(other, one)).toBe(true);
  });
});

describe('different', () => {
  test.each([
    ['namespaces under one prefix', '<a:x xmlns:a="u"/>', '<a:x xmlns:a="v"/>'],
    ['an attribute with and without namespace', '<a p:b="1" xmlns:p="u"/>', '<a b="1"/>'],
    ['blanks of a value', '<a> 1</a>', '<a>1</a>'],
    ['a value of blanks and none', '<a>  </a>', '<a/>'],
    ['a no-break space between elements', '<a>\u00A0<b/></a>', '<a><b/></a>'],
    [
      'fault codes',
      '<a xmlns:s="u"><faultcode>s:Server</faultcode></a>',
      '<a xmlns:s="u"><faultcode>s:Client</faultcode></a>',
    ],
    [
      'a fault code nobody declared',
      '<a xmlns:s="u"><faultcode>s:Server</faultcode></a>',
      '<a><faultcode>s:Server</faultcode></a>',
    ],
    ['prefixes in any other value', '<a xmlns:s="u"><b>s:x</b></a>', '<a xmlns:t="u"><b>t:x</b></a>'],
    ['null and empty', `<a ${xsi} xsi:nil="true"/>`, '<a/>'],
    ['true and 1', '<a>true</a>', '<a>1</a>'],
    ['letter case', '<a>Sale</a>', '<a>sale</a>'],
    ['a card with and without its leading zero', '<a>0012</a>', '<a>12</a>'],
    ['texts that are one number', '<a>8.10</a>', '<a>8.1</a>'],
    ['a telephone with and without its plus', '<a>+79001234567</a>', '<a>79001234567</a>'],
    ['a number with a point at its end', '<a>5.</a>', '<a>5</a>'],
    ['attributes that are one number', '<a b="1.0"/>', '<a b="1"/>'],
    ['texts that are one moment', '<a>2026-11-22T10:11:12.000</a>', '<a>2026-11-22T10:11:12</a>'],
    [
      'another xsi:type',
      `<a ${xsi} xmlns:xs="u" xsi:type="xs:string">1</a>`,
      `<a ${xsi} xmlns:xs="u" xsi:type="xs:decimal">1</a>`,
    ],
    [
      'xsi:type under one prefix of two namespaces',
      `<a ${xsi} xmlns:p="u" xsi:type="p:a"/>`,
      `<a ${xsi} xmlns:p="v" xsi:type="p:a"/>`,
    ],
    ['xsi:type and none, the type unknown', `<a ${xsi} xmlns:xs="u" xsi:type="xs:string">1</a>`, '<a>1</a>'],
    ['long sums that are one double', '<a>12345678901234567.89</a>', '<a>12345678901234568</a>'],
    ['exponents', '<a>1e2</a>', '<a>100</a>'],
    ['text that looks like a reference', '<a>&amp;#1058;</a>', '<a>Т</a>'],
  ])('%s', (_case, one, other) => {
    expect(isEqual(one, other)).toBe(false);
  });
});

describe('refused', () => {
  test.each([
    ['', /line 1/],
    ['hello', /line 1/],
    ['<a>', /line 1/],
    ['<a>\n<b></a>', /line 2, column \d+/],
    ['<a b=1/>', /not well-formed/],
    ['<a b="1" b="2"/>', /not well-formed/],
    ['<a/><b/>', /one root/],
    ['<a></a><b/>', /one root/],
    ['<a></a><b></b>', /not well-formed/],
    ['<a/>text', /one root/],
    ['<a/>text<!-- -->', /one root/],
    ['<a/><![CDATA[text]]>', /one root/],
    ['<a/><!-- open', /not closed/],
    ['<a><![CDATA[ open</a>', /not closed/],
    ['<!DOCTYPE a><a/>', /DOCTYPE/],
    ['<?xml version="1.0"?><!-- x --><!DOCTYPE a [<!ENTITY e "1">]><a>&e;</a>', /DOCTYPE/],
    ['<!ELEMENT a ANY><a/>', /markup declaration/],
    ['<a>&nbsp;</a>', /"&nbsp;" is no reference/],
    ['<a>&#0;</a>', /"&#0;" is no reference/],
    ['<a>&#xD800;</a>', /no reference/],
    ['<a b="1 & 2"/>', /no reference/],
    ['<a b="<"/>', /holds "<"/],
    ['<a>\u0001</a>', /U\+0001/],
    ['<p:a/>', /prefix "p"/],
    ['<a p:b="1"/>', /prefix "p"/],
    ['<a xmlns:p="u" xmlns:q="u" p:b="1" q:b="2"/>', /is there twice/],
    ['<p:a xmlns:p=""/>', /declared empty/],
    ['<a:b:c xmlns:a="u"/>', /not a name/],
    ['<constructor/>', /not well-formed/],
    [`<a ${xsi} xsi:nil="yes"/>`, /xsi:nil/],
    ['<a>'.repeat(300) + '</a>'.repeat(300), /deeper than 256/],
  ])('%#', (text, reason) => {
    expect(refusalOf(text)).toMatch(reason);
  });

  test('the words of the parser are never passed on', () => {
    expect(refusalOf('<a>\n<b></a>')).toBe('not well-formed at line 2, column 4');
  });
});
