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
const simple = (inside: string) =>
  inNode(`<xs:element name="Name"><xs:simpleType>${inside}</xs:simpleType></xs:element>`);

test.each<readonly [what: string, text: () => string, message: string]>([
  ['choice', () => inNode('<xs:choice/>'), 'choice'],
  ['any', () => inNode('<xs:any/>'), 'any'],
  ['a group', () => inNode('<xs:group ref="tns:a"/>'), 'group'],
  ['a reference to an element', () => inNode('<xs:element ref="tns:Node"/>'), 'name'],
  [
    'attributes',
    () => change(nodeType, `<xs:complexType name="X"><xs:attribute name="a"/></xs:complexType>${nodeType}`),
    'attribute',
  ],
  [
    'an extended type',
    () => change(nodeType, `<xs:complexType name="X"><xs:complexContent/></xs:complexType>${nodeType}`),
    'complexContent',
  ],
  [
    'an abstract type',
    () => change('<xs:complexType name="Node">', '<xs:complexType name="Node" abstract="true">'),
    'abstract',
  ],
  [
    'an import',
    () => change('<xs:complexType name="Every">', '<xs:import namespace="urn:a"/><xs:complexType name="Every">'),
    'import',
  ],
  ['an unknown type of XML Schema', () => inNode('<xs:element name="Name" type="xs:anyType"/>'), 'xs:anyType'],
  ['a type that is not there', () => inNode('<xs:element name="Name" type="tns:Nowhere"/>'), 'tns:Nowhere'],
  ['a type of an undeclared prefix', () => inNode('<xs:element name="Name" type="q:string"/>'), 'q:string'],
  ['an element without a type', () => inNode('<xs:element name="Name"/>'), 'Name'],
  ['a default value', () => inNode('<xs:element name="Name" type="xs:string" default="a"/>'), 'default'],
  ['a count of three', () => inNode('<xs:element name="Name" type="xs:string" maxOccurs="3"/>'), 'maxOccurs'],
  ['an element named twice', () => inNode(name + name), 'twice'],
  ['a pattern', () => simple('<xs:restriction base="xs:string"><xs:pattern value="a"/></xs:restriction>'), 'pattern'],
  ['a union', () => simple('<xs:union memberTypes="xs:string"/>'), 'union'],
  [
    'a length of a number',
    () => simple('<xs:restriction base="xs:decimal"><xs:maxLength value="1"/></xs:restriction>'),
    'maxLength',
  ],
  ['a header in a binding', () => change('<soapbind:body', '<soapbind:header/><soapbind:body'), 'header'],
  ['encoded use', () => change('use="literal"', 'use="encoded"'), 'encoded'],
  ['the rpc style', () => change('style="document"', 'style="rpc"'), 'rpc'],
  [
    'a declared fault',
    () =>
      change(
        '<output message="tns:NothingResponseMessage"/>',
        '<output message="tns:NothingResponseMessage"/><fault message="tns:a"/>',
      ),
    'fault',
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
  ['an element that is not there', () => change('element="tns:Nothing"', 'element="tns:Nowhere"'), 'Nowhere'],
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
  expect(() => parseModel(text(), 'folder-of-mine')).toThrow(/^contract folder-of-mine: /);
  expect(() => parseModel(text(), 'folder-of-mine')).toThrow(message);
});

test('a folder has one WSDL', () => {
  expect(() => readWsdlText('fixtures/soap-contract')).toThrow('one .wsdl file');
});
