// All schemas of a contract as one set: those in the WSDL and those in files beside it, which may refer to each other in any
// order. Global components are found here by namespace and name.
import { schemaNamespace } from '../soap-version.ts';
import {
  allowOnly,
  expandName,
  getAttribute,
  parseWsdlTree,
  refuse,
  resolveName,
  type QualifiedName,
  type WsdlElement,
} from '../wsdl-tree.ts';

/** Types of both sorts share their names, as XML Schema has it. */
export type ComponentKind = 'type' | 'element' | 'attribute' | 'group' | 'attributeGroup';

export interface SchemaDocument {
  readonly namespace: string;
  readonly qualifiesElements: boolean;
  readonly qualifiesAttributes: boolean;
  /** It was included and has no namespace of its own: its references without one mean the namespace of the including schema. */
  readonly isChameleon: boolean;
}

export interface Component {
  readonly name: QualifiedName;
  readonly element: WsdlElement;
  readonly document: SchemaDocument;
}

/** The text of a file beside the WSDL; undefined if there is none. */
export type ReadNeighbour = (file: string) => string | undefined;

const kinds: Readonly<Record<string, ComponentKind>> = {
  complexType: 'type',
  simpleType: 'type',
  element: 'element',
  attribute: 'attribute',
  group: 'group',
  attributeGroup: 'attributeGroup',
};

const saveBeside = 'save that schema in the folder of the WSDL and write its file name into schemaLocation';

export function readForm(element: WsdlElement, name: string): boolean {
  const value = element.attributes.get(name) ?? 'unqualified';
  if (value !== 'qualified' && value !== 'unqualified') {
    refuse(element, `${name}="${value}" is not supported`, 'write qualified or unqualified');
  }
  return value === 'qualified';
}

export class SchemaSet {
  private readonly components: Readonly<Record<ComponentKind, Map<string, Component>>> = {
    type: new Map(),
    element: new Map(),
    attribute: new Map(),
    group: new Map(),
    attributeGroup: new Map(),
  };
  private readonly readNeighbour: ReadNeighbour;
  /** Files that are read, with the namespace they were read for. */
  private readonly files = new Set<string>();
  /** Namespaces of the schemas in the WSDL itself. */
  private readonly inline: ReadonlySet<string>;

  constructor(schemas: readonly WsdlElement[], readNeighbour: ReadNeighbour) {
    this.readNeighbour = readNeighbour;
    this.inline = new Set(schemas.map((schema) => schema.attributes.get('targetNamespace') ?? ''));
    for (const schema of schemas) this.addDocument(schema, undefined);
  }

  list(kind: ComponentKind): Component[] {
    return [...this.components[kind].values()];
  }

  find(kind: ComponentKind, name: QualifiedName): Component | undefined {
    return this.components[kind].get(expandName(name));
  }

  /** The name that an attribute of `element` refers to. */
  resolve(element: WsdlElement, document: SchemaDocument, reference: string): QualifiedName {
    const name = resolveName(element, reference);
    return name.namespace === '' && document.isChameleon ? { ...name, namespace: document.namespace } : name;
  }

  get(kind: ComponentKind, element: WsdlElement, document: SchemaDocument, reference: string): Component {
    const name = this.resolve(element, document, reference);
    const found = this.find(kind, name);
    if (found !== undefined) return found;
    const where = name.namespace === '' ? 'no namespace' : `namespace ${name.namespace}`;
    return refuse(
      element,
      `${kind} ${reference} is not in the schema`,
      `there is no ${kind} ${name.local} in ${where}: add the schema that declares it, or correct the name`,
    );
  }

  private addDocument(schema: WsdlElement, includingNamespace: string | undefined): void {
    allowOnly(schema, {
      attributes: ['targetNamespace', 'attributeFormDefault', 'elementFormDefault', 'version', 'finalDefault'],
      children: ['import', 'include', ...Object.keys(kinds)],
      advice: { redefine: 'write the redefined types into the schema itself' },
    });
    const own = schema.attributes.get('targetNamespace');
    if (own !== undefined && includingNamespace !== undefined && own !== includingNamespace) {
      refuse(schema, `an included schema has another namespace: ${own}`, 'use <import> for it');
    }
    const document: SchemaDocument = {
      namespace: own ?? includingNamespace ?? '',
      qualifiesElements: readForm(schema, 'elementFormDefault'),
      qualifiesAttributes: readForm(schema, 'attributeFormDefault'),
      isChameleon: own === undefined && includingNamespace !== undefined,
    };
    for (const child of schema.children) {
      if (child.namespace !== schemaNamespace || child.local === 'annotation') continue;
      if (child.local === 'import') this.addImport(child);
      else if (child.local === 'include') this.addFile(child, document.namespace);
      else this.addComponent(child, document);
    }
  }

  private addComponent(element: WsdlElement, document: SchemaDocument): void {
    const kind = kinds[element.local]!;
    const name = { namespace: document.namespace, local: getAttribute(element, 'name') };
    const key = expandName(name);
    if (this.components[kind].has(key))
      refuse(element, `${kind} ${name.local} is declared twice`, 'remove one of them');
    this.components[kind].set(key, { name, element, document });
  }

  private addImport(element: WsdlElement): void {
    allowOnly(element, { attributes: ['namespace', 'schemaLocation'], children: [] });
    const namespace = element.attributes.get('namespace') ?? '';
    // Without a location it names a schema of the same WSDL; one that is not there is missed where something refers to it.
    if (element.attributes.has('schemaLocation') && !this.inline.has(namespace)) this.addFile(element, undefined);
  }

  private addFile(element: WsdlElement, includingNamespace: string | undefined): void {
    const location = getAttribute(element, 'schemaLocation');
    const file = location.replace(/^\.\//, '');
    if (/[/\\?]|^\.\.?$/.test(file))
      refuse(element, `schemaLocation "${location}" is not a file beside the WSDL`, saveBeside);
    const key = `${file} ${includingNamespace ?? ''}`;
    if (this.files.has(key)) return;
    this.files.add(key);
    const text = this.readNeighbour(file);
    if (text === undefined) refuse(element, `there is no file ${file} beside the WSDL`, saveBeside);
    const schema = parseWsdlTree(text, file);
    if (schema.namespace !== schemaNamespace || schema.local !== 'schema') refuse(schema, 'the root is not <schema>');
    const expected = element.attributes.get('namespace') ?? '';
    const own = schema.attributes.get('targetNamespace') ?? '';
    if (includingNamespace === undefined && own !== expected) {
      refuse(element, `file ${file} has namespace "${own}", not "${expected}"`, 'correct the namespace of the import');
    }
    this.addDocument(schema, includingNamespace);
  }
}
