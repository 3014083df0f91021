// A request as a careful client writes it: every parameter in the order of the WSDL, nil where there is no value.
import { isComplex, type ComplexType, type Field } from '../../../src/soap/contract/schema.ts';
import type { Wrapper } from '../../../src/soap/contract/model.ts';
import { envelopes, instanceNamespace, type Tree, type Version } from './told.ts';

/** The tree in the order of the schema, with null where an element must be there and has no value. */
export function arrange({ fields }: ComplexType, tree: Tree): Tree {
  const arranged: Tree = {};
  for (const field of fields) {
    const value = tree[field.name] ?? null;
    if (value === null && field.optional) continue;
    arranged[field.name] = Array.isArray(value)
      ? (value as readonly Tree[]).map((item) => arrange(field.type as ComplexType, item))
      : arrangeOne(field, value as Tree | string | null);
  }
  return arranged;
}

function arrangeOne({ name, type, nillable }: Field, value: Tree | string | null): Tree | string | null {
  if (value === null && nillable) return null;
  if (isComplex(type)) return arrange(type, (value ?? {}) as Tree);
  if (typeof value !== 'string') throw new Error(`${name} needs a value`);
  return value;
}

/** @param cdata parameters whose text is written as CDATA. */
export function writeEnvelope(
  { element, namespace }: Wrapper,
  parameters: Tree,
  version: Version,
  cdata: readonly string[] = [],
): string {
  const inside = Object.entries(parameters).map(([name, value]) =>
    cdata.includes(name) ? `<${name}><![CDATA[${value as string}]]></${name}>` : writeElement(name, value),
  );
  return writeCallOf(element, namespace, inside.join(''), version);
}

/** @param inside as XML. */
export function writeCallOf(element: string, namespace: string, inside: string, version: Version): string {
  const call = `<${element} xmlns="${namespace}" xmlns:xsi="${instanceNamespace}">${inside}</${element}>`;
  return `<e:Envelope xmlns:e="${envelopes[version]}"><e:Body>${call}</e:Body></e:Envelope>`;
}

function writeElement(name: string, value: Tree[string]): string {
  if (value === null) return `<${name} xsi:nil="true"/>`;
  if (typeof value === 'string') return `<${name}>${escapeXml(value)}</${name}>`;
  if (Array.isArray(value)) return (value as readonly Tree[]).map((item) => writeElement(name, item)).join('');
  const inside = Object.entries(value as Tree).map(([inner, one]) => writeElement(inner, one));
  return `<${name}>${inside.join('')}</${name}>`;
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
