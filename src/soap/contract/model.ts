// What a contract's WSDL says, as data: its namespace, its operations with their wrappers, and the types these use.
// The reader and the writer are compiled from it, so the code has no name of the contract.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isComplex, type ComplexType } from './schema.ts';
import { readSchemas, type Schemas } from './schema/read-schemas.ts';
import type { ReadNeighbour } from './schema/schema-set.ts';
import { schemaNamespace } from './soap-version.ts';
import {
  allowOnly,
  getAttribute,
  getOnlyChild,
  listChildren,
  parseWsdlTree,
  refuse,
  resolveName,
  type WsdlElement,
} from './wsdl-tree.ts';

const wsdlNamespace = 'http://schemas.xmlsoap.org/wsdl/';

export interface Wrapper {
  /** Local name of the body's element. */
  readonly element: string;
  readonly namespace: string;
  readonly type: ComplexType;
}

export interface Operation {
  readonly name: string;
  readonly request: Wrapper;
  readonly response: Wrapper;
  /** Names of the faults that the WSDL declares. Nothing is sent in them: 1C's fault has an empty detail, and it may always come. */
  readonly faults: readonly string[];
}

export interface ContractModel {
  /** Of the wrappers. */
  readonly namespace: string;
  readonly serviceName: string;
  /** Names of the service's ports, one for each version of SOAP. */
  readonly ports: readonly string[];
  /** In the order of the WSDL. */
  readonly operations: readonly Operation[];
  /** By local name; by "{namespace}name" where two schemas have the same name. */
  readonly types: ReadonlyMap<string, ComplexType>;
}

export function findWsdlFile(folder: string): string {
  const files = readdirSync(folder).filter((file) => file.toLowerCase().endsWith('.wsdl'));
  if (files.length !== 1) throw new Error(`contract ${folder}: one .wsdl file is expected, there are ${files.length}`);
  return files[0]!;
}

function readText(path: string): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
}

/** The text of the folder's one .wsdl file, without a byte order mark. */
export function readWsdlText(folder: string): string {
  return readText(join(folder, findWsdlFile(folder)));
}

function findMessage(definitions: WsdlElement, place: WsdlElement): WsdlElement {
  const name = resolveName(place, getAttribute(place, 'message')).local;
  const message = listChildren(definitions, wsdlNamespace, 'message').find((m) => m.attributes.get('name') === name);
  return message ?? refuse(place, `message ${name} is missing`);
}

function readWrapper(definitions: WsdlElement, schemas: Schemas, place: WsdlElement): Wrapper {
  allowOnly(place, { attributes: ['message', 'name'], children: [] });
  const message = findMessage(definitions, place);
  allowOnly(message, { attributes: ['name'], children: ['part'] });
  const part = getOnlyChild(message, wsdlNamespace, 'part');
  const advice = { type: 'only document/literal is supported: the part must name an element' };
  allowOnly(part, { attributes: ['name', 'element'], children: [], advice });
  const name = resolveName(part, getAttribute(part, 'element'));
  const type = schemas.findElementType(name);
  if (type === undefined)
    refuse(part, `element ${name.local} of message ${message.attributes.get('name')} is not in the schema`);
  if (name.namespace === '')
    refuse(part, `element ${name.local} has no namespace`, 'give its schema a targetNamespace');
  if (!isComplex(type))
    refuse(part, `element ${name.local} has no elements of its own`, 'wrap its value in an element');
  return { element: name.local, namespace: name.namespace, type };
}

function readFault(definitions: WsdlElement, fault: WsdlElement): string {
  allowOnly(fault, { attributes: ['message', 'name'], children: [] });
  findMessage(definitions, fault);
  return getAttribute(fault, 'name');
}

function readOperation(definitions: WsdlElement, schemas: Schemas, element: WsdlElement): Operation {
  const name = getAttribute(element, 'name');
  try {
    allowOnly(element, { attributes: ['name'], children: ['input', 'output', 'fault'] });
    return {
      name,
      request: readWrapper(definitions, schemas, getOnlyChild(element, wsdlNamespace, 'input')),
      response: readWrapper(definitions, schemas, getOnlyChild(element, wsdlNamespace, 'output')),
      faults: listChildren(element, wsdlNamespace, 'fault').map((fault) => readFault(definitions, fault)),
    };
  } catch (error) {
    throw new Error(`operation ${name}: ${(error as Error).message}`, { cause: error });
  }
}

/** Only document/literal bindings are supported, with nothing in the header. */
function checkBinding(binding: WsdlElement): void {
  const walk = (element: WsdlElement): void => {
    if (element.local === 'header') {
      refuse(element, `<header> in binding ${getAttribute(binding, 'name')} is not supported`, 'remove it');
    }
    const style = element.attributes.get('style') ?? 'document';
    const use = element.attributes.get('use') ?? 'literal';
    if (style !== 'document') refuse(element, `style "${style}" is not supported, only "document"`);
    if (use !== 'literal') refuse(element, `use "${use}" is not supported, only "literal"`);
    element.children.forEach(walk);
  };
  walk(binding);
}

function readDefinitions(definitions: WsdlElement, readNeighbour: ReadNeighbour): ContractModel {
  if (definitions.namespace !== wsdlNamespace || definitions.local !== 'definitions') {
    refuse(definitions, 'the root is not <definitions> of WSDL 1.1');
  }
  allowOnly(definitions, {
    attributes: ['name', 'targetNamespace'],
    children: ['types', 'message', 'portType', 'binding', 'service', 'Policy', 'UsingPolicy'],
    advice: { import: 'put the content of the imported WSDL into this file' },
  });
  const types = getOnlyChild(definitions, wsdlNamespace, 'types');
  const schemas = readSchemas(listChildren(types, schemaNamespace, 'schema'), readNeighbour);
  listChildren(definitions, wsdlNamespace, 'binding').forEach(checkBinding);
  const portType = getOnlyChild(definitions, wsdlNamespace, 'portType');
  allowOnly(portType, { attributes: ['name'], children: ['operation'] });
  const operations = listChildren(portType, wsdlNamespace, 'operation').map((element) =>
    readOperation(definitions, schemas, element),
  );
  for (const names of [operations.map((o) => o.name), operations.map((o) => o.request.element)]) {
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) refuse(portType, `two operations are called by ${twice}`, 'rename one of the elements');
  }
  const service = getOnlyChild(definitions, wsdlNamespace, 'service');
  const ports = listChildren(service, wsdlNamespace, 'port').map((port) => getAttribute(port, 'name'));
  const namespace = operations[0]?.request.namespace ?? definitions.attributes.get('targetNamespace') ?? '';
  return { namespace, serviceName: getAttribute(service, 'name'), ports, operations, types: schemas.types };
}

interface WsdlSource {
  /** Names the WSDL in messages; '' if the text is from no file. */
  readonly file?: string;
  readonly readNeighbour?: ReadNeighbour;
}

/** `place` names the contract in messages about mistakes. */
export function parseModel(wsdlText: string, place: string, source: WsdlSource = {}): ContractModel {
  try {
    return readDefinitions(parseWsdlTree(wsdlText, source.file), source.readNeighbour ?? (() => undefined));
  } catch (error) {
    throw new Error(`contract ${place}: ${(error as Error).message}`, { cause: error });
  }
}

/** The model of a folder: its WSDL, and the schemas in files beside it that the WSDL names. */
export function loadModel(folder: string): ContractModel {
  const file = findWsdlFile(folder);
  const beside = readdirSync(folder);
  const readNeighbour: ReadNeighbour = (name) => (beside.includes(name) ? readText(join(folder, name)) : undefined);
  return parseModel(readWsdlText(folder), folder, { file, readNeighbour });
}
