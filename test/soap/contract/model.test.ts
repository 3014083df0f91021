// A contract is taken as its WSDL says, or refused by name when the service starts.
import { readFileSync } from 'node:fs';
import { parseModel, readWsdlText } from '../../../src/soap/contract/model.ts';
import { isComplex, type ComplexType } from '../../../src/soap/contract/schema.ts';
import { everyTypeModel, everyTypeWsdl } from './every-type.ts';
import { parseTable } from './wsdl-form.ts';

const describeType = (type: ComplexType) =>
  type.fields.map(({ name, type: of, nillable, optional, repeated }) => {
    const mark = repeated ? '*' : (nillable ? '~' : '').replace('~', optional ? '?' : '~');
    return { name, type: isComplex(of) ? of.name : of.kind, mark };
  });

test.each([
  ['default', 'wsdl/default'],
  ['sample', 'fixtures/wsdl'],
])('the model of %s is what its table says', (name, folder) => {
  const model = parseModel(readWsdlText(folder), name);
  const table = parseTable(readFileSync(`fixtures/soap-contract/${name}.txt`, 'utf8'));
  expect(model.namespace).toBe(table.namespace);
  expect(model.serviceName).toBe(table.service);
  expect(model.ports).toEqual([`${table.service}Soap`, `${table.service}Soap12`]);
  expect(model.operations.map((operation) => operation.name)).toEqual(
    table.operations.map((operation) => operation.name),
  );
  for (const [index, { name: operation, parameters, results }] of table.operations.entries()) {
    const { request, response } = model.operations[index]!;
    expect([request.element, response.element]).toEqual([operation, `${operation}Response`]);
    expect(describeType(request.type)).toEqual(parameters);
    expect(describeType(response.type)).toEqual(results);
  }
  for (const type of table.types) expect(describeType(model.types.get(type.name)!)).toEqual(type.properties);
});

test('a type may contain itself', () => {
  const node = everyTypeModel.types.get('Node')!;
  expect(node.fields[1]!.type).toBe(node);
});

/** The WSDL with a part of it changed. */
function change(from: string, to: string): string {
  const text = everyTypeWsdl.replace(/\n\t+/g, ' ');
  expect(text).toContain(from);
  return text.replace(from, () => to);
}

const name = '<xs:element name="Name" type="xs:string"/>';
const nodeType = `<xs:complexType name="Node"> <xs:sequence> ${name}`;

test('simple types are read by their base, and listed values and lengths are kept', () => {
  const kinds =
    '<xs:simpleType name="Kind"><xs:restriction base="xs:string"><xs:enumeration value="Sale"/><xs:enumeration value="Return"/>' +
    '</xs:restriction></xs:simpleType><xs:simpleType name="Short"><xs:restriction base="tns:Text"><xs:maxLength value="3"/>' +
    '</xs:restriction></xs:simpleType><xs:simpleType name="Text"><xs:restriction base="xs:string"/></xs:simpleType>';
  const fields = '<xs:element name="A" type="tns:Kind"/><xs:element name="B" type="tns:Short"/>';
  const text = change(nodeType, `${kinds}${nodeType.replace(name, fields)}`);
  const [a, b] = parseModel(text, 'x').types.get('Node')!.fields;
  expect(a!.type).toEqual({ kind: 'string', values: new Set(['Sale', 'Return']) });
  expect(b!.type).toEqual({ kind: 'string', maxLength: 3 });
});

test('a type may be written inside its element', () => {
  const inner = `<xs:element name="Name"><xs:complexType><xs:sequence>${name}</xs:sequence></xs:complexType></xs:element>`;
  const field = parseModel(change(name, inner), 'x').types.get('Node')!.fields[0]!;
  expect(isComplex(field.type) && describeType(field.type)).toEqual([{ name: 'Name', type: 'string', mark: '' }]);
});

const inNode = (replacement: string) => change(name, replacement);
const beforeTypes = (text: string) => change('<xs:complexType name="Every">', `${text}<xs:complexType name="Every">`);
const simple = (inside: string) =>
  inNode(`<xs:element name="Name"><xs:simpleType>${inside}</xs:simpleType></xs:element>`);

const beside = (text: string) => change(nodeType, text + nodeType);
const named = (inside: string, attributes = '') =>
  beside(`<xs:complexType name="X"${attributes}>${inside}</xs:complexType>`);
const element = (attributes: string) => inNode(`<xs:element name="Name" ${attributes}/>`);
const restrict = (facet: string, of = 'string') => simple(`<xs:restriction base="xs:${of}">${facet}</xs:restriction>`);

test.each<readonly [what: string, text: () => string, message: string]>([
  // Content models.
  ['an empty choice', () => inNode('<xs:choice/>'), 'choice'],
  ['checked elements of others', () => inNode('<xs:any/>'), 'processContents="lax"'],
  ['two places for others', () => inNode('<xs:any processContents="lax"/>'.repeat(2)), 'leave one <any>'],
  ['a group that is not there', () => inNode('<xs:group ref="tns:a"/>'), 'group tns:a'],
  ['an element that is not there', () => inNode('<xs:element ref="tns:Nowhere"/>'), 'element tns:Nowhere'],
  ['an element named twice', () => inNode(name + name), 'rename one of them'],
  [
    'an element named twice in a choice',
    () => inNode(`<xs:choice>${name}<xs:sequence>${name}</xs:sequence></xs:choice>`),
    'twice',
  ],
  [
    'a count in a count',
    () => inNode(`<xs:sequence maxOccurs="2">${name.replace('/>', ' maxOccurs="2"/>')}</xs:sequence>`),
    'count it in one place',
  ],
  ['a list in <all>', () => named('<xs:all><xs:element name="A" maxOccurs="2"/></xs:all>'), 'in <all>'],
  ['an <all> many times', () => named('<xs:all maxOccurs="2"/>'), '<all> comes once at most'],
  ['two models', () => named('<xs:sequence/><xs:choice><xs:element name="A"/></xs:choice>'), 'two content models'],
  ['a count that is none', () => element('type="xs:int" maxOccurs="many"'), 'maxOccurs="many"'],
  ['a least count above the most', () => element('type="xs:int" minOccurs="2"'), 'minOccurs'],
  [
    'a group in itself',
    () =>
      beside(
        '<xs:group name="G"><xs:sequence><xs:group ref="tns:G"/></xs:sequence></xs:group><xs:complexType name="X"><xs:group ref="tns:G"/></xs:complexType>',
      ),
    'group tns:G contains itself',
  ],
  // Elements and attributes.
  ['a head of a substitution group', () => beside('<xs:element name="A" abstract="true"/>'), 'abstract'],
  [
    'a substitute',
    () => beside('<xs:element name="A" substitutionGroup="tns:Node"/>'),
    'declare the elements that may come',
  ],
  ['a key', () => inNode('<xs:element name="Name"><xs:unique name="u"/></xs:element>'), 'uniqueness'],
  ['two types', () => inNode('<xs:element name="Name" type="xs:int"><xs:simpleType/></xs:element>'), 'one type'],
  ['a default of another type', () => element('type="xs:int" default="a"'), 'default="a"'],
  ['a default and a fixed value', () => element('type="xs:int" default="1" fixed="1"'), 'remove one'],
  ['a default of a structure', () => element('type="tns:Node" default="a"'), 'not of a simple type'],
  ['a flag that is neither', () => element('type="xs:int" nillable="yes"'), 'nillable="yes"'],
  ['a form that is neither', () => element('type="xs:int" form="local"'), 'qualified or unqualified'],
  ['an attribute of no known use', () => named('<xs:attribute name="a" use="often"/>'), 'use="often"'],
  ['an attribute named twice', () => named('<xs:attribute name="a"/><xs:attribute name="a"/>'), 'twice'],
  ['an attribute that is a structure', () => named('<xs:attribute name="a" type="tns:Node"/>'), 'needs a simple type'],
  ['an attribute that is not there', () => named('<xs:attribute ref="tns:a"/>'), 'attribute tns:a'],
  ['checked attributes of others', () => named('<xs:anyAttribute/>'), 'processContents="lax"'],
  // Derivation.
  ['text between elements', () => named('<xs:sequence/>', ' mixed="true"'), 'kept as XML'],
  ['forbidden derivation', () => named('<xs:sequence/>', ' block="#all"'), 'block'],
  ['a derivation that is none', () => named('<xs:complexContent/>'), '<extension> or <restriction>'],
  [
    'a type derived from itself',
    () => named('<xs:complexContent><xs:extension base="tns:X"/></xs:complexContent>'),
    'derived from itself',
  ],
  [
    'an extended <all>',
    () =>
      beside(
        `<xs:complexType name="B"><xs:all>${name}</xs:all></xs:complexType><xs:complexType name="X"><xs:complexContent>` +
          '<xs:extension base="tns:B"><xs:sequence><xs:element name="A"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>',
      ),
    'use <sequence> in both types',
  ],
  [
    'a text of a type without text',
    () => named('<xs:simpleContent><xs:extension base="tns:Node"/></xs:simpleContent>'),
    'use <complexContent>',
  ],
  // Simple types.
  ['an unknown type of XML Schema', () => element('type="xs:dateTimeStamp"'), 'xs:dateTimeStamp'],
  ['a notation', () => element('type="xs:NOTATION"'), 'use xs:string'],
  ['a type that is not there', () => element('type="tns:Nowhere"'), 'tns:Nowhere'],
  ['a type of an undeclared prefix', () => element('type="q:string"'), 'q:string'],
  ['a pattern that is not one of XML Schema', () => restrict('<xs:pattern value="a(?=b)"/>'), 'not one of XML Schema'],
  ['a length of a number', () => restrict('<xs:maxLength value="1"/>', 'decimal'), 'maxLength'],
  ['digits of a text', () => restrict('<xs:totalDigits value="1"/>'), 'totalDigits'],
  ['a range of texts', () => restrict('<xs:minInclusive value="a"/>'), 'minInclusive'],
  ['a range of durations', () => restrict('<xs:minInclusive value="P1D"/>', 'duration'), 'minInclusive'],
  ['a limit of another type', () => restrict('<xs:minInclusive value="a"/>', 'int'), '"a" of <minInclusive>'],
  ['a listed value of another type', () => restrict('<xs:enumeration value="1.5"/>', 'int'), '"1.5"'],
  ['a length that is none', () => restrict('<xs:maxLength value="-1"/>'), 'maxLength="-1"'],
  ['kept blanks of a token', () => restrict('<xs:whiteSpace value="preserve"/>', 'token'), 'write collapse'],
  ['a facet of XML Schema 1.1', () => restrict('<xs:assertion test="true()"/>'), 'assertion'],
  ['a list of lists', () => simple('<xs:list itemType="xs:NMTOKENS"/>'), 'a list of list'],
  ['a union of nothing', () => simple('<xs:union/>'), 'no member types'],
  [
    'a simple type made of itself',
    () => beside('<xs:simpleType name="S"><xs:restriction base="tns:S"/></xs:simpleType>'),
    'made of itself',
  ],
  // Schemas.
  ['a redefinition', () => beforeTypes('<xs:redefine schemaLocation="a.xsd"/>'), 'into the schema itself'],
  ['a file that is not beside', () => beforeTypes('<xs:include schemaLocation="a.xsd"/>'), 'there is no file a.xsd'],
  [
    'an address',
    () => beforeTypes('<xs:import namespace="urn:a" schemaLocation="http://a/?xsd=1"/>'),
    'save that schema in the folder',
  ],
  ['a path', () => beforeTypes('<xs:import namespace="urn:a" schemaLocation="../a.xsd"/>'), 'not a file beside'],
  [
    'a type of a schema that is not there',
    () => beforeTypes('<xs:import namespace="urn:a"/><xs:element name="Z" xmlns:q="urn:a" type="q:T"/>'),
    'urn:a',
  ],
  ['a type declared twice', () => beside('<xs:complexType name="Node"/>'), 'declared twice'],
  // WSDL.
  ['a header in a binding', () => change('<soapbind:body', '<soapbind:header/><soapbind:body'), 'header'],
  ['encoded use', () => change('use="literal"', 'use="encoded"'), 'encoded'],
  ['the rpc style', () => change('style="document"', 'style="rpc"'), 'rpc'],
  [
    'a part with a type',
    () => change('<part name="parameters" element="tns:Nothing"/>', '<part name="a" type="xs:string"/>'),
    'document/literal',
  ],
  [
    'a WSDL in another file',
    () => change('<types>', '<import namespace="urn:a" location="a.wsdl"/><types>'),
    'into this file',
  ],
  ['a one-way operation', () => change('<output message="tns:NothingResponseMessage"/>', ''), 'output'],
  [
    'a message of two parts',
    () => change('<part name="parameters"', '<part name="b" element="tns:Nothing"/><part name="parameters"'),
    'part',
  ],
  [
    'a message that is not there',
    () => change('message="tns:NothingRequestMessage"', 'message="tns:Nowhere"'),
    'Nowhere',
  ],
  ['a wrapper that is not there', () => change('element="tns:Nothing"', 'element="tns:Nowhere"'), 'Nowhere'],
  [
    'a wrapper without a namespace',
    () =>
      change(
        '<part name="parameters" element="tns:Nothing"/>',
        '<w:part xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns="" element="N"/>',
      ).replace('</types>', `${xsd('', '<xs:element name="N"/>')}</types>`),
    'targetNamespace',
  ],
  [
    'a wrapper without elements',
    () => beside('<xs:element name="S" type="xs:string"/>').replace('element="tns:Nothing"', 'element="tns:S"'),
    'no elements of its own',
  ],
  [
    'two operations called alike',
    () =>
      change(
        '<portType name="EveryTypePortType">',
        '<portType name="EveryTypePortType"><operation name="Nothing2"><input message="tns:NothingRequestMessage"/><output message="tns:NothingResponseMessage"/></operation>',
      ),
    'Nothing',
  ],
  ['a DOCTYPE', () => everyTypeWsdl.replace('?>', '?><!DOCTYPE a>'), 'DOCTYPE'],
  ['a file cut off', () => everyTypeWsdl.slice(0, -20), 'XML'],
  ['another document', () => '<html/>', 'definitions'],
])('%s is refused by name', (_, text, message) => {
  expect(() => parseModel(text(), 'folder-of-mine')).toThrow(/^contract folder-of-mine: .*line \d+, column \d+: /);
  expect(() => parseModel(text(), 'folder-of-mine')).toThrow(message);
});

test('a mistake is named by file, line and column, with what to do', () => {
  const text = everyTypeWsdl.replace('type="xs:decimal"', 'type="xs:decimals"');
  const lines = text.slice(0, text.indexOf('xs:decimals')).split('\n');
  const line = lines.findLastIndex((one) => one.includes('<xs:element'));
  const column = lines[line]!.indexOf('<xs:element') + 1;
  expect(() => parseModel(text, 'x', { file: 'A.wsdl' })).toThrow(
    `contract x: A.wsdl, line ${line + 1}, column ${column}: type xs:decimals is not supported; XML Schema 1.0 has no such type`,
  );
});

test('declared faults are listed: they are never sent, and a reader of the WSDL need not mind', () => {
  const output = '<output message="tns:NothingResponseMessage"/>';
  const text = change(output, `${output}<fault name="Отказ" message="tns:NothingResponseMessage"/>`);
  expect(parseModel(text, 'x').operations[0]!.faults).toEqual(['Отказ']);
});

const xsd = (namespace: string, inside: string) =>
  `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:o="urn:own"${namespace}>${inside}</xs:schema>`;

test('schemas in files beside the WSDL are read: imported, and included with and without a namespace of their own', () => {
  const imported = ' xmlns:q="urn:own" type="q:Own"';
  const text = beforeTypes(
    '<xs:import namespace="urn:own" schemaLocation="own.xsd"/><xs:include schemaLocation="./part.xsd"/>',
  ).replace(name, `<xs:element name="Name"${imported}/><xs:element name="P" type="tns:Part"/>`);
  const files: Readonly<Record<string, string>> = {
    'own.xsd': xsd(
      ' targetNamespace="urn:own"',
      '<xs:complexType name="Own"><xs:attribute name="a"/></xs:complexType>',
    ),
    'part.xsd': xsd(
      '',
      '<xs:complexType name="Part"><xs:sequence><xs:element ref="E"/></xs:sequence></xs:complexType><xs:element name="E"/>',
    ),
  };
  const read = (file: string) => files[file];
  const model = parseModel(text, 'x', { readNeighbour: read });
  const [own, part] = model.types.get('Node')!.fields.map(({ type }) => type as ComplexType);
  expect([own!.namespace, own!.name]).toEqual(['urn:own', 'Own']);
  expect(part!.fields[0]).toMatchObject({ name: 'E', namespace: 'urn:every-type' });
  const wrong = (file: string) =>
    file === 'own.xsd' ? files[file]!.replace('name="a"', 'name="a" use="no"') : files[file];
  expect(() => parseModel(text, 'x', { readNeighbour: wrong })).toThrow('contract x: own.xsd, line 1, column ');
  const other = (file: string) => files[file]?.replace('"urn:own">', '"urn:other">');
  expect(() => parseModel(text, 'x', { readNeighbour: other })).toThrow(
    'own.xsd has namespace "urn:other", not "urn:own"',
  );
});

test('a type of two schemas is named with its namespace', () => {
  const other = xsd(' targetNamespace="urn:own"', '<xs:complexType name="Node"/>');
  const text = everyTypeWsdl.replace('</types>', `${other}</types>`);
  const names = [...parseModel(text, 'x').types.keys()];
  expect(names).toEqual(expect.arrayContaining(['{urn:own}Node', '{urn:every-type}Node', 'Every']));
});

test('a folder has one WSDL', () => {
  expect(() => readWsdlText('fixtures/soap-contract')).toThrow('one .wsdl file');
});
