// Shapes of publications as 1C writes them, with invented names: flat parameters, several schemas, lists of XDTO packages,
// output and in-out parameters, Cyrillic names everywhere. A till's request is read, and the reply is laid out as 1C does.
import { parseModel } from '../../../src/soap/contract/model.ts';
import { compileReader } from '../../../src/soap/contract/reader.ts';
import { UnreadableRequest } from '../../../src/soap/contract/unreadable-request.ts';
import type { WireTree } from '../../../src/soap/contract/wire-tree.ts';
import { wsdlAround } from './wsdl-around.ts';

const xs = 'xmlns:xs="http://www.w3.org/2001/XMLSchema"';
const service = 'http://узел.example/касса';
const goods = 'http://узел.example/товары';

const field = (name: string, type: string, more = '') => `<xs:element name="${name}" type="${type}"${more}/>`;
const wrapper = (name: string, inside: string) =>
  `<xs:element name="${name}"><xs:complexType><xs:sequence>${inside}</xs:sequence></xs:complexType></xs:element>`;
const schema = (namespace: string, inside: string) =>
  `<xs:schema ${xs} xmlns:tns="${namespace}" xmlns:т="${goods}" targetNamespace="${namespace}" attributeFormDefault="unqualified" elementFormDefault="qualified">${inside}</xs:schema>`;

function load(schemas: string, operations: readonly string[]) {
  const model = parseModel(wsdlAround(schemas, service, operations), 'x');
  return { model, read: compileReader(model), write: compileTextWriter(model) };
}

/** With the namespaces that 1C's own client writes. */
const call = (name: string, inside: string) =>
  `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><m:${name} xmlns:m="${service}" xmlns:т="${goods}" ` +
  `${xs} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${inside}</m:${name}></soap:Body></soap:Envelope>`;

const plain = (tree: unknown) => JSON.parse(JSON.stringify(tree)) as unknown;

const kinds = [
  'string',
  'decimal',
  'dateTime',
  'boolean',
  'int',
  'date',
  'integer',
  'double',
  'time',
  'long',
  'base64Binary',
  'hexBinary',
];
const texts = [
  'Касса № 1',
  '10.50',
  '2026-11-22T14:05:00',
  'true',
  '7',
  '2026-11-22',
  '-3',
  '1e3',
  '14:05:00',
  '9',
  '0JrQ',
  'C0DE',
];

test.each(kinds.map((_, index) => index + 1))('%i flat parameters', (count) => {
  const parameters = kinds.slice(0, count).map((kind, index) => field(`Параметр${index + 1}`, `xs:${kind}`));
  const { read, write } = load(
    schema(
      service,
      wrapper('ПровестиЧек', parameters.join('')) + wrapper('ПровестиЧекResponse', field('return', 'xs:boolean')),
    ),
    ['ПровестиЧек'],
  );
  const given = texts.slice(0, count).map((text, index) => `<m:Параметр${index + 1}>${text}</m:Параметр${index + 1}>`);
  const expected = Object.fromEntries(texts.slice(0, count).map((text, index) => [`Параметр${index + 1}`, text]));
  const { operation, arguments: values } = read(call('ПровестиЧек', given.join('')));
  expect([operation, plain(values)]).toEqual(['ПровестиЧек', expected]);
  expect(() => read(call('ПровестиЧек', given.slice(1).join('')))).toThrow(UnreadableRequest);
  expect(write('ПровестиЧек', '1.1', { return: 'true' }, '\n')).toContain('-instance">true</m:return>');
});

const packages =
  schema(
    goods,
    '<xs:complexType name="ТабличнаяЧасть"><xs:sequence><xs:element name="Строка" type="tns:Строка" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType>' +
      '<xs:complexType name="Строка"><xs:sequence><xs:element name="Товар" type="xs:string"/><xs:element name="Количество" type="tns:Количество"/>' +
      '<xs:element name="Коды" type="tns:Коды" minOccurs="0"/><xs:element name="Свойство" nillable="true" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>' +
      '<xs:attribute name="Номер" type="xs:int" use="required"/></xs:complexType>' +
      '<xs:simpleType name="Количество"><xs:restriction base="xs:decimal"><xs:totalDigits value="15"/><xs:fractionDigits value="3"/></xs:restriction></xs:simpleType>' +
      '<xs:simpleType name="Коды"><xs:list itemType="xs:string"/></xs:simpleType>',
  ) +
  schema(
    service,
    `<xs:import namespace="${goods}"/>` +
      wrapper('Остатки', field('Магазин', 'xs:string', ' nillable="true"') + field('Товары', 'т:ТабличнаяЧасть')) +
      wrapper(
        'ОстаткиResponse',
        field('return', 'т:ТабличнаяЧасть') +
          field('Товары', 'т:ТабличнаяЧасть') +
          field('Сообщение', 'xs:string', ' nillable="true"'),
      ),
  );
import { compileTextWriter } from './text-writer.ts';

const head = (name: string, declared: string) => [
  `\t\t\t<m:${name} ${declared}xmlns:xs="http://www.w3.org/2001/XMLSchema"`,
  '\t\t\t\t\txmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
];

describe('an XDTO package in a schema of its own', () => {
  const { model, read, write } = load(packages, ['Остатки']);

  test('its lists are read, with whatever stands in an element without a type', () => {
    const row =
      '<т:Строка Номер="1"><т:Товар>Чай</т:Товар><т:Количество>1.500</т:Количество><т:Коды>а  б</т:Коды>' +
      '<т:Свойство xsi:type="xs:string">крупный</т:Свойство><т:Свойство xsi:nil="true"/></т:Строка>';
    const { arguments: values } = read(call('Остатки', `<m:Магазин xsi:nil="true"/><m:Товары>${row}</m:Товары>`));
    expect(plain(values)).toEqual({
      Магазин: null,
      Товары: {
        Строка: [
          {
            '@Номер': '1',
            Товар: 'Чай',
            Количество: '1.500',
            Коды: 'а б',
            Свойство: ['крупный', null],
            'Свойство@xsi:type': ['{http://www.w3.org/2001/XMLSchema}string'],
          },
        ],
      },
    });
    expect(model.namespace).toBe(service);
  });

  test.each([
    [
      'a row in the namespace of the service',
      '<m:Строка Номер="1"><т:Товар/><т:Количество>1</т:Количество></m:Строка>',
      'Строка',
    ],
    ['too many digits', '<т:Строка Номер="1"><т:Товар/><т:Количество>1.2345</т:Количество></т:Строка>', 'Количество'],
    ['a row without a number', '<т:Строка><т:Товар/><т:Количество>1</т:Количество></т:Строка>', 'Номер'],
  ])('%s is refused', (_, row, element) => {
    const xml = call('Остатки', `<m:Магазин/><m:Товары>${row}</m:Товары>`);
    expect(() => read(xml)).toThrow(UnreadableRequest);
    expect(() => read(xml)).toThrow(element);
  });

  test('a reply declares the prefix of the package where it is first needed; an in-out parameter follows return', () => {
    const row = { '@Номер': '1', Товар: 'Чай & мёд', Количество: '1.50' };
    const reply = { return: {}, Товары: { Строка: [row] }, Сообщение: null } as WireTree;
    const own = `xmlns:d4p1="${goods}"\n\t\t\t\t\t`;
    expect(write('Остатки', '1.1', reply, '\n').split('\n').slice(3, -3).join('\n')).toBe(
      [
        `${head('return', own).join('\n')}/>`,
        `${head('Товары', own).join('\n')}>`,
        '\t\t\t\t<d4p1:Строка Номер="1">',
        '\t\t\t\t\t<d4p1:Товар>Чай &amp; мёд</d4p1:Товар>',
        '\t\t\t\t\t<d4p1:Количество>1.5</d4p1:Количество>',
        '\t\t\t\t</d4p1:Строка>',
        '\t\t\t</m:Товары>',
        head('Сообщение', '').join('\n'),
      ].join('\n') + '\n\t\t\t\t\txsi:nil="true"/>',
    );
  });
});

test('wrappers may be elements with a type, of another schema than the service', () => {
  const other = schema(
    goods,
    '<xs:element name="Найти" type="tns:Запрос"/><xs:element name="НайтиResponse" type="tns:Ответ"/>' +
      '<xs:complexType name="Запрос"><xs:choice><xs:element name="Код" type="xs:string"/><xs:element name="Телефон" type="xs:string"/></xs:choice></xs:complexType>' +
      '<xs:complexType name="Ответ"><xs:sequence><xs:element name="return" type="xs:string"/></xs:sequence><xs:attribute name="Версия"/></xs:complexType>',
  );
  const text = wsdlAround(other, service, ['Найти']).replaceAll('element="tns:', `xmlns:т="${goods}" element="т:`);
  const model = parseModel(text, 'x');
  const read = compileReader(model);
  const request = call('Найти', '<m:Телефон>+7</m:Телефон>').replaceAll(service, goods);
  expect(plain(read(request).arguments)).toEqual({ Телефон: '+7' });
  expect(() => read(call('Найти', '<m:Телефон/>'))).toThrow('ожидалось пространство имён');
  expect(() => read(call('Найти', '').replaceAll(service, goods))).toThrow('один из элементов: Код, Телефон');
  const lines = compileTextWriter(model)('Найти', '1.2', { '@Версия': '2', return: 'ок' }, '\n').split('\n');
  expect(lines.slice(2, -2)).toEqual([
    `\t\t<m:НайтиResponse xmlns:m="${goods}"`,
    '\t\t\t\tВерсия="2">',
    '\t\t\t<m:return xmlns:xs="http://www.w3.org/2001/XMLSchema"',
    '\t\t\t\t\txmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">ок</m:return>',
    '\t\t</m:НайтиResponse>',
  ]);
});
