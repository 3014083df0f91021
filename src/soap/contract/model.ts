// What a contract's WSDL says, as data: its namespace, its operations with their wrappers, and the types these use.
// The reader and the writer are compiled from it, so the code has no name of the contract.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSchema, type Schema } from './read-schema.ts';
import type { ComplexType } from './schema.ts';
import { schemaNamespace } from './soap-version.ts';
import {
  allowOnly,
  getAttribute,
  getOnlyChild,
  listChildren,
  parseWsdlTree,
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
}

export interface ContractModel {
  readonly namespace: string;
  readonly serviceName: string;
  /** Names of the service's ports, one for each version of SOAP. */
  readonly ports: readonly string[];
  /** In the order of the WSDL. */
  readonly operations: readonly Operation[];
  readonly types: ReadonlyMap<string, ComplexType>;
}

/** The text of the folder's one .wsdl file, without a byte order mark. */
export function readWsdlText(folder: string): string {
  const files = readdirSync(folder).filter((file) => file.toLowerCase().endsWith('.wsdl'));
  if (files.length !== 1) throw new Error(`contract ${folder}: one .wsdl file is expected, there are ${files.length}`);
  const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(join(folder, files[0]!)));
  return text;
}

function readWrapper(definitions: WsdlElement, schema: Schema, place: WsdlElement): Wrapper {
  allowOnly(place, ['message', 'name'], []);
  const name = resolveName(place, getAttribute(place, 'message')).local;
  const message = listChildren(definitions, wsdlNamespace, 'message').find((m) => m.attributes.get('name') === name);
  if (message === undefined) throw new Error(`message ${name} is missing`);
  allowOnly(message, ['name'], ['part']);
  const part = getOnlyChild(message, wsdlNamespace, 'part');
  allowOnly(part, ['name', 'element'], []);
  const element = resolveName(part, getAttribute(part, 'element'));
  const type = element.namespace === schema.namespace ? schema.elements.get(element.local) : undefined;
  if (type === undefined) throw new Error(`element ${element.local} of message ${name} is not in the schema`);
  return { element: element.local, namespace: element.namespace, type };
}

function readOperation(definitions: WsdlElement, schema: Schema, element: WsdlElement): Operation {
  const name = getAttribute(element, 'name');
  try {
    allowOnly(element, ['name'], ['input', 'output']);
    return {
      name,
      request: readWrapper(definitions, schema, getOnlyChild(element, wsdlNamespace, 'input')),
      response: readWrapper(definitions, schema, getOnlyChild(element, wsdlNamespace, 'output')),
    };
  } catch (error) {
    throw new Error(`operation ${name}: ${(error as Error).message}`, { cause: error });
  }
}

/** Only document/literal bindings are supported, with nothing in the header. */
function checkBinding(binding: WsdlElement): void {
  const styles: WsdlElement[] = [];
  const walk = (element: WsdlElement): void => {
    if (element.local === 'header' || element.local === 'fault') {
      throw new Error(`<${element.local}> in binding ${getAttribute(binding, 'name')} is not supported`);
    }
    styles.push(element);
    element.children.forEach(walk);
  };
  walk(binding);
  for (const element of styles) {
    const style = element.attributes.get('style') ?? 'document';
    const use = element.attributes.get('use') ?? 'literal';
    if (style !== 'document') throw new Error(`style "${style}" is not supported, only "document"`);
    if (use !== 'literal') throw new Error(`use "${use}" is not supported, only "literal"`);
  }
}

function readDefinitions(definitions: WsdlElement): ContractModel {
  if (definitions.namespace !== wsdlNamespace || definitions.local !== 'definitions') {
    throw new Error('the root is not <definitions> of WSDL 1.1');
  }
  const parts = ['types', 'message', 'portType', 'binding', 'service'];
  allowOnly(definitions, ['name', 'targetNamespace'], parts);
  const types = getOnlyChild(definitions, wsdlNamespace, 'types');
  const schema = readSchema(getOnlyChild(types, schemaNamespace, 'schema'));
  listChildren(definitions, wsdlNamespace, 'binding').forEach(checkBinding);
  const portType = getOnlyChild(definitions, wsdlNamespace, 'portType');
  allowOnly(portType, ['name'], ['operation']);
  const operations = listChildren(portType, wsdlNamespace, 'operation').map((element) =>
    readOperation(definitions, schema, element),
  );
  for (const names of [operations.map((o) => o.name), operations.map((o) => o.request.element)]) {
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) throw new Error(`two operations are called by ${twice}`);
  }
  const service = getOnlyChild(definitions, wsdlNamespace, 'service');
  const ports = listChildren(service, wsdlNamespace, 'port').map((port) => getAttribute(port, 'name'));
  const { namespace } = schema;
  return { namespace, serviceName: getAttribute(service, 'name'), ports, operations, types: schema.types };
}

/** `place` names the contract in messages about mistakes. */
export function parseModel(wsdlText: string, place: string): ContractModel {
  try {
    return readDefinitions(parseWsdlTree(wsdlText));
  } catch (error) {
    throw new Error(`contract ${place}: ${(error as Error).message}`, { cause: error });
  }
}
