// What the scanner makes of a document, token by token; what it refuses is in hostile.test.ts.
import { XmlError } from '../../../src/soap/contract/lexer.ts';
import { XmlScanner } from '../../../src/soap/contract/scanner.ts';

const brace = (namespace: string) => (namespace === '' ? '' : `{${namespace}}`);

/** One word a token: <name{namespace} attribute=value>, >, and text in JSON. */
function scan(xml: string): string {
  const scanner = new XmlScanner(xml);
  const words: string[] = [];
  scanner.begin();
  for (let token = scanner.next(); token !== 'done'; token = scanner.next()) {
    if (token === 'end') words.push('>');
    else if (token === 'text') words.push(JSON.stringify(scanner.text));
    else {
      const attributes = scanner.attributes.map((a) => ` ${a.local}${brace(a.namespace)}=${JSON.stringify(a.value)}`);
      words.push(`<${scanner.local}${brace(scanner.namespace)}${attributes.join('')}`);
    }
  }
  return words.join(' ');
}

const taken: readonly (readonly [xml: string, tokens: string])[] = [
  ['<a/>', '<a >'],
  ['<a></a>', '<a >'],
  ['<a\n></a\t\r\n>', '<a >'],
  ['\n<a/>\r\n', '<a >'],
  ['<?xml version="1.0"?><a/>', '<a >'],
  ["<?xml version='1.0' encoding='windows-1251' standalone='no' ?>\n<a/>", '<a >'],
  ['<?xml-stylesheet href="a"?><a/><?xmlish?>', '<a >'],
  ['<!--a--><a><!-- <b> & ]]> --></a><!---->', '<a >'],
  ['<a>b</a>', '<a "b" >'],
  ['<a> b </a>', '<a " b " >'],
  ['<a>b<c/>d</a>', '<a "b" <c > "d" >'],
  ['<a>&lt;&gt;&amp;&quot;&apos;</a>', '<a "<>&\\"\'" >'],
  ['<a>&#65;&#x42;&#x00043;&#1078;&#x1F600;</a>', '<a "ABCж😀" >'],
  ['<a>😀ж\uFFFD\u007F\u0085</a>', '<a "😀ж\uFFFD\u007F\u0085" >'],
  ['<a>1\r\n2\r3\n4\r\r\n5</a>', '<a "1\\n2\\n3\\n4\\n\\n5" >'],
  ['<a>1&#13;&#10;2</a>', '<a "1\\r\\n2" >'],
  ['<a>1\r&amp;\r\n2</a>', '<a "1\\n&\\n2" >'],
  ['<a>]] ]> >]</a>', '<a "]] ]> >]" >'],
  ['<a>1<![CDATA[<b>&amp;]] ]]>2</a>', '<a "1<b>&amp;]] 2" >'],
  ['<a><![CDATA[\r\n]]></a>', '<a "\\n" >'],
  ['<a><![CDATA[]]></a>', '<a >'],
  ['<a><![CDATA[]]]]><![CDATA[>]]></a>', '<a "]]>" >'],
  ['<a>1<!--b-->2<?c?>3</a>', '<a "123" >'],
  ['<a b="1" c=\'2"\'/>', '<a b="1" c="2\\"" >'],
  ['<a b = "1"\tc\n=\r\'2\' />', '<a b="1" c="2" >'],
  ['<a b="1\r\n2\n3\t4\r5"/>', '<a b="1 2 3 4 5" >'],
  ['<a b="&#13;&#10;&#9;&lt;&amp;>"/>', '<a b="\\r\\n\\t<&>" >'],
  ['<a xmlns="u"><b/></a>', '<a{u} <b{u} > >'],
  ['<a xmlns="u"><b xmlns=""/><c/></a>', '<a{u} <b > <c{u} > >'],
  ['<p:a xmlns:p="u"><p:b xmlns:p="v"/><p:c/></p:a>', '<a{u} <b{v} > <c{u} > >'],
  ['<a xmlns="u" b="1"/>', '<a{u} b="1" >'],
  ['<a xmlns:p="u" p:b="1" b="2"/>', '<a b{u}="1" b="2" >'],
  ['<a p:b="1" xmlns:p="u"/>', '<a b{u}="1" >'],
  ['<a xml:lang="ru"/>', '<a lang{http://www.w3.org/XML/1998/namespace}="ru" >'],
  ['<a xmlns:p="u&amp;v" p:b=""/>', '<a b{u&v}="" >'],
  ['<a xmlns:p="u " xmlns:q="u" p:b="" q:b=""/>', '<a b{u }="" b{u}="" >'],
  ['<__proto__ xmlns:constructor="u" constructor:__proto__="1"/>', '<__proto__ __proto__{u}="1" >'],
  ['<чек:Продажа xmlns:чек="касса" Сумма·1="2"/>', '<Продажа{касса} Сумма·1="2" >'],
  ['<𐀀a b-c.d_1="1"/>', '<𐀀a b-c.d_1="1" >'],
];

test.each(taken)('%s', (xml, tokens) => {
  expect(scan(xml)).toBe(tokens);
});

const refused: readonly string[] = [
  '',
  ' ',
  '<',
  '<a',
  '<a ',
  '<a b',
  '<a b=',
  '<a b="',
  '<a b="1"',
  '<a/',
  '<a>',
  '<a></',
  '<a></a',
  '<a/><b/>',

  '<a></b>',
  '<a><b></a></b>',
  '</a>',
  '<a/>b',
  'b<a/>',
  '<a/>&#32;',
  '<a/><![CDATA[ ]]>',
  '<a>&</a>',
  '<a>&amp</a>',
  '<a>&AMP;</a>',
  '<a>&#;</a>',
  '<a>&#x;</a>',
  '<a>&#xG;</a>',
  '<a>&#12a;</a>',
  '<a>&#X41;</a>',
  '<a>&#1;</a>',
  '<a>&#xFFFE;</a>',
  '<a>&#x110000;</a>',
  '<a>&#-1;</a>',
  '<a>\u0000</a>',
  '<a>\u000B</a>',
  '<a>\uFFFE</a>',
  '<a>\uD800</a>',
  '<a>\uDC00\uD800</a>',
  '<a>\uD800\uD800\uDC00</a>',
  '<a><![CDATA[\uD800]]></a>',
  '<!--\u0001--><a/>',
  '<?b \u0001?><a/>',
  '<a b="\u0001"/>',
  '<a>]]></a>',
  '<a b="<"/>',
  '<a b="&c;"/>',
  '<a b="1"c="2"/>',
  '<a b="1" b="1"/>',
  '<a b=1/>',
  '<a b/>',
  '<a "b"/>',
  '<a / >',
  '<a b="1\'/>',
  '<p:a/>',
  '<a p:b="1"/>',
  '<p:a xmlns:q="u"/>',
  '<a xmlns:p=""/>',
  '<a xmlns:xml="u"/>',
  '<a xmlns:xmlns="u"/>',
  '<a xmlns="http://www.w3.org/2000/xmlns/"/>',
  '<a xmlns="http://www.w3.org/XML/1998/namespace"/>',
  '<a xmlns:p="u" xmlns:q="u" p:b="1" q:b="1"/>',
  '<a xmlns="u" xmlns="u"/>',
  '<a xmlns:p="u" xmlns:p="v"/>',

  '<a:/>',
  '<:a/>',
  '<a:b:c xmlns:a="u"/>',
  '<p:1 xmlns:p="u"/>',
  '<1a/>',
  '<-a/>',
  '<.a/>',
  '<a×/>',
  '<a;/>',
  '<·a/>',
  '<!DOCTYPE a><a/>',
  '<a><!DOCTYPE a></a>',
  '<!ELEMENT a ANY><a/>',
  '<a><!></a>',
  '<a><!-></a>',
  '<a><!-- --->',
  '<a><!-- -- --></a>',
  '<a><!--',
  '<a><!--->',
  '<a><![CDATA[',
  '<a><![CDATA[]]</a>',
  '<a><![cdata[]]></a>',
  '<a><?></a>',
  '<a><? b?></a>',
  '<a><?b',
  '<a><?b"?></a>',
  '<a><?b:c?></a>',
  '<a><?xml?></a>',
  '<a><?XML ?></a>',
  ' <?xml version="1.0"?><a/>',
  '<!----><?xml version="1.0"?><a/>',
  '<a/><?xml version="1.0"?>',

  '<?xml?><a/>',
  '<?xml ?><a/>',
  '<?xml version="1.1"?><a/>',
  '<?xml version=1.0?><a/>',
  '<?xml version="1.0""?><a/>',

  '<?xml encoding="utf-8"?><a/>',
  '<?xml version="1.0" encoding="?"?><a/>',
  '<?xml version="1.0" standalone="maybe"?><a/>',
  '<?xml version="1.0" standalone="yes" encoding="utf-8"?><a/>',
  '<?xml version="1.0"encoding="utf-8"?><a/>',
  '<?xml version="1.0" a="b"?><a/>',
  '<?xml version="1.0"',
  '\uFEFF<a/>',
];

test.each([...refused])('%j is refused', (xml) => {
  expect(() => scan(xml)).toThrow(XmlError);
});

test('elements nest to the limit and no further', () => {
  expect(scan('<a>'.repeat(64) + '</a>'.repeat(64)).length).toBeGreaterThan(0);
  expect(() => scan('<a>'.repeat(65) + '</a>'.repeat(65))).toThrow('вложенность');
});

const listAttributes = (count: number) => Array.from({ length: count }, (_, index) => ` b${index}=""`).join('');
const listDeclarations = (count: number) =>
  Array.from({ length: count }, (_, index) => ` xmlns:b${index}="u"`).join('');

function findMistake(xml: string): number {
  try {
    scan(xml);
  } catch (error) {
    return (error as XmlError).position;
  }
  return -1;
}

test('attributes and declarations go to their limits and no further', () => {
  expect(scan(`<a${listAttributes(128)}/>`).length).toBeGreaterThan(0);
  expect(() => scan(`<a${listAttributes(129)}/>`)).toThrow('атрибутов');
  expect(() => scan(`<a${listAttributes(9)} b3=""/>`)).toThrow('повторён');
  expect(scan(`<a${listDeclarations(64)}/>`)).toBe('<a >');
  expect(() => scan(`<a${listDeclarations(32)}><a${listDeclarations(33)}/></a>`)).toThrow('пространств');
  expect(scan(`<a>${`<b${listDeclarations(64)}/>`.repeat(2)}</a>`)).toBe('<a <b > <b > >');
});

test('a mistake is placed at its character', () => {
  expect(findMistake('<a>&b;</a>')).toBe(3);
  expect(findMistake('<a>12]]></a>')).toBe(5);
  expect(findMistake('<a b="1" c="<"/>')).toBe(12);
  expect(findMistake('<a>')).toBe(3);
});
