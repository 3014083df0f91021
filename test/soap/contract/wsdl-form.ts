// Makes a WSDL in the form of a 1C publication from a table of the contract. It knows nothing of the service's own
// sources: what it says about the file served is a second opinion.
type Attributes = readonly (readonly [name: string, value: string])[];
type LineEnd = '\r\n' | '\n';

interface Property {
  readonly name: string;
  readonly type: string;
  readonly mark: '' | '~' | '?' | '*';
}

interface Table {
  readonly namespace: string;
  readonly service: string;
  readonly address: string;
  readonly operations: readonly { name: string; parameters: Property[]; results: Property[] }[];
  readonly types: readonly { name: string; properties: Property[] }[];
}

function parseProperty(text: string): Property {
  const found = /^([\p{L}\w]+) ([\p{L}\w]+)([~?*]?)$/u.exec(text);
  if (!found) throw new Error(`not a property: ${text}`);
  return { name: found[1]!, type: found[2]!, mark: found[3] as Property['mark'] };
}

const parseList = (text: string): Property[] => (text === '' ? [] : text.split(', ').map(parseProperty));

export function parseTable(text: string): Table {
  const single: Record<string, string> = {};
  const operations: Table['operations'][number][] = [];
  const types: Table['types'][number][] = [];
  for (const line of text.replace(/\n +/g, ' ').trim().split('\n')) {
    const operation = /^operation ([\p{L}\w]+)\((.*)\) -> (.*)$/u.exec(line);
    const type = /^type ([\p{L}\w]+): (.*)$/u.exec(line);
    const other = /^(namespace|service|address) (\S+)$/.exec(line);
    if (operation) {
      const results = parseList(`return ${operation[3]!}`);
      operations.push({ name: operation[1]!, parameters: parseList(operation[2]!), results });
    } else if (type) types.push({ name: type[1]!, properties: parseList(type[2]!) });
    else if (other) single[other[1]!] = other[2]!;
    else throw new Error(`not a line of the table: ${line}`);
  }
  return {
    namespace: single['namespace']!,
    service: single['service']!,
    address: single['address']!,
    operations,
    types,
  };
}

/** The lines of a document as 1C lays it out: tabs, the first attribute beside the name, each other two tabs further. */
class Layout {
  readonly lines: string[] = ['<?xml version="1.0" encoding="UTF-8"?>'];
  private depth = 0;

  private tag(name: string, attributes: Attributes, end: string): void {
    const indent = '\t'.repeat(this.depth);
    const written = attributes.map(([key, value]) => `${key}="${value}"`);
    const [first, ...others] = written;
    const head = first === undefined ? `<${name}` : `<${name} ${first}`;
    this.lines.push(...([indent + head, ...others.map((other) => `${indent}\t\t${other}`)] as string[]));
    this.lines[this.lines.length - 1] += end;
  }

  empty(name: string, attributes: Attributes = []): void {
    this.tag(name, attributes, '/>');
  }

  inside(name: string, attributes: Attributes, content: () => void, end = '>'): void {
    this.tag(name, attributes, end);
    this.depth += 1;
    content();
    this.depth -= 1;
    this.lines.push(`${'\t'.repeat(this.depth)}</${name}>`);
  }
}

function writeSequence(to: Layout, properties: readonly Property[]): void {
  if (properties.length === 0) {
    to.empty('xs:sequence');
    return;
  }
  to.inside('xs:sequence', [], () => {
    for (const { name, type, mark } of properties) {
      const attributes: [string, string][] = [
        ['name', name],
        ['type', /^[a-z]/.test(type) ? `xs:${type}` : `tns:${type}`],
      ];
      if (mark === '~' || mark === '?') attributes.push(['nillable', 'true']);
      if (mark === '?' || mark === '*') attributes.push(['minOccurs', '0']);
      if (mark === '*') attributes.push(['maxOccurs', 'unbounded']);
      to.empty('xs:element', attributes);
    }
  });
}

function writeSchema(to: Layout, table: Table): void {
  const attributes: Attributes = [
    ['xmlns:xs', 'http://www.w3.org/2001/XMLSchema'],
    ['xmlns:xs1', table.namespace],
    ['targetNamespace', table.namespace],
    ['attributeFormDefault', 'unqualified'],
    ['elementFormDefault', 'qualified'],
  ];
  to.inside('xs:schema', attributes, () => {
    const sorted = table.types.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    for (const type of sorted) {
      to.inside('xs:complexType', [['name', type.name]], () => writeSequence(to, type.properties));
    }
    for (const { name, parameters, results } of table.operations) {
      for (const [element, properties] of [[name, parameters] as const, [`${name}Response`, results] as const]) {
        to.inside('xs:element', [['name', element]], () =>
          to.inside('xs:complexType', [], () => writeSequence(to, properties)),
        );
      }
    }
  });
}

function writePortType(to: Layout, table: Table): void {
  to.inside('portType', [['name', `${table.service}PortType`]], () => {
    for (const { name } of table.operations) {
      to.inside('operation', [['name', name]], () => {
        to.empty('input', [['message', `tns:${name}RequestMessage`]]);
        to.empty('output', [['message', `tns:${name}ResponseMessage`]]);
      });
    }
  });
}

function writeBinding(to: Layout, table: Table, suffix: string, prefix: string): void {
  const attributes: Attributes = [
    ['name', `${table.service}${suffix}Binding`],
    ['type', `tns:${table.service}PortType`],
  ];
  const body = () => to.empty(`${prefix}:body`, [['use', 'literal']]);
  to.inside('binding', attributes, () => {
    to.empty(`${prefix}:binding`, [
      ['style', 'document'],
      ['transport', 'http://schemas.xmlsoap.org/soap/http'],
    ]);
    for (const { name } of table.operations) {
      to.inside('operation', [['name', name]], () => {
        to.empty(`${prefix}:operation`, [
          ['style', 'document'],
          ['soapAction', `${table.namespace}#${table.service}:${name}`],
        ]);
        to.inside('input', [], body);
        to.inside('output', [], body);
      });
    }
  });
}

function writePort(to: Layout, table: Table, suffix: string, prefix: string, claim: boolean): void {
  const attributes: Attributes = [
    ['name', `${table.service}${suffix}`],
    ['binding', `tns:${table.service}${suffix}Binding`],
  ];
  to.inside('port', attributes, () => {
    if (claim) {
      const claims: Attributes = [
        ['xmlns:wsi', 'http://ws-i.org/schemas/conformanceClaim/'],
        ['conformsTo', 'http://ws-i.org/profiles/basic/1.1'],
      ];
      to.inside('documentation', [], () => to.empty('wsi:Claim', claims), '> ');
    }
    to.empty(`${prefix}:address`, [['location', table.address]]);
  });
}

export function formWsdl(table: Table, lineEnd: LineEnd): string {
  const to = new Layout();
  const root: Attributes = [
    ['xmlns', 'http://schemas.xmlsoap.org/wsdl/'],
    ['xmlns:soap12bind', 'http://schemas.xmlsoap.org/wsdl/soap12/'],
    ['xmlns:soapbind', 'http://schemas.xmlsoap.org/wsdl/soap/'],
    ['xmlns:tns', table.namespace],
    ['xmlns:wsp', 'http://schemas.xmlsoap.org/ws/2004/09/policy'],
    ['xmlns:wsu', 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd'],
    ['xmlns:xsd', 'http://www.w3.org/2001/XMLSchema'],
    ['xmlns:xsd1', table.namespace],
    ['name', table.service],
    ['targetNamespace', table.namespace],
  ];
  to.inside('definitions', root, () => {
    to.inside('types', [], () => writeSchema(to, table));
    for (const { name } of table.operations) {
      for (const [message, element] of [
        [`${name}RequestMessage`, name],
        [`${name}ResponseMessage`, `${name}Response`],
      ] as const) {
        const part: Attributes = [
          ['name', 'parameters'],
          ['element', `tns:${element}`],
        ];
        to.inside('message', [['name', message]], () => to.empty('part', part));
      }
    }
    writePortType(to, table);
    writeBinding(to, table, 'Soap', 'soapbind');
    writeBinding(to, table, 'Soap12', 'soap12bind');
    to.inside('service', [['name', table.service]], () => {
      writePort(to, table, 'Soap', 'soapbind', true);
      writePort(to, table, 'Soap12', 'soap12bind', false);
    });
  });
  return to.lines.join(lineEnd);
}
