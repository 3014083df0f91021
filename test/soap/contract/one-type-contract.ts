// A contract of one operation around one type, for tests of what schemas may say.
import { parseModel } from '../../../src/soap/contract/model.ts';
import { compileReader } from '../../../src/soap/contract/reader.ts';
import { wsdlAround } from './wsdl-around.ts';
import { compileTextWriter } from './text-writer.ts';

export const sequence = (inside: string, counts = '') => `<xs:sequence${counts}>${inside}</xs:sequence>`;
export const choice = (inside: string, counts = '') => `<xs:choice${counts}>${inside}</xs:choice>`;
export const item = (attributes: string) => sequence(`<xs:element name="A" ${attributes}/>`);

const i = 'http://www.w3.org/2001/XMLSchema-instance';
const envelope = 'http://schemas.xmlsoap.org/soap/envelope/';

const wrapper = (name: string, element: string) =>
  `<xs:element name="${name}"><xs:complexType>${sequence(`<xs:element name="${element}" type="t:T"/>`)}</xs:complexType></xs:element>`;

/** `beside` is in the schema, beside the type. */
export function loadType(type: string, beside = '') {
  const schema =
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t" elementFormDefault="qualified">' +
    `<xs:complexType name="T">${type}</xs:complexType>${beside}${wrapper('Op', 'return')}${wrapper('OpResponse', 'return')}</xs:schema>`;
  const model = parseModel(wsdlAround(schema, 'urn:t', ['Op']), 'x');
  return { model, read: compileReader(model), write: compileTextWriter(model) };
}

export const request = (attributes: string, content: string) =>
  `<e:Envelope xmlns:e="${envelope}"><e:Body><Op xmlns="urn:t" xmlns:p="urn:t" xmlns:i="${i}"><return ${attributes}>${content}</return></Op></e:Body></e:Envelope>`;

/** Trees of the reader inherit nothing; those of tests are compared with this form. */
export const plain = (tree: unknown): object => JSON.parse(JSON.stringify(tree)) as object;
