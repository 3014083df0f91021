// What elements and attributes have in common: flags, counts, default and fixed values, namespaces of wildcards.
import { compileText } from '../facets.ts';
import type { ScalarType, Wildcard } from '../schema.ts';
import { allowOnly, expandName, quoteElement, refuse, resolveName, type WsdlElement } from '../wsdl-tree.ts';
import type { SchemaDocument } from './schema-set.ts';

export function readFlag(element: WsdlElement, name: string): boolean {
  const value = element.attributes.get(name) ?? 'false';
  if (value === 'true' || value === '1') return true;
  if (value === 'false' || value === '0') return false;
  return refuse(element, `${name}="${value}" of ${quoteElement(element)} is neither true nor false`);
}

export interface Occurrences {
  readonly least: number;
  readonly most: number;
}

function readCount(element: WsdlElement, name: string): number {
  const text = element.attributes.get(name) ?? '1';
  if (name === 'maxOccurs' && text === 'unbounded') return Infinity;
  if (!/^\d{1,9}$/.test(text)) refuse(element, `${name}="${text}" is not a count`, 'write a whole number');
  return Number(text);
}

export function readOccurs(element: WsdlElement): Occurrences {
  const [least, most] = [readCount(element, 'minOccurs'), readCount(element, 'maxOccurs')];
  if (least > most) refuse(element, `minOccurs of ${quoteElement(element)} is above maxOccurs`);
  return { least, most };
}

/** The default and fixed values of an element or attribute, in the form that a tree of values has. */
export function readPresets(element: WsdlElement, type: ScalarType | undefined): { default?: string; fixed?: string } {
  const presets: { default?: string; fixed?: string } = {};
  for (const name of ['default', 'fixed'] as const) {
    const given = element.attributes.get(name);
    if (given === undefined) continue;
    if (type === undefined) {
      return refuse(
        element,
        `${name} of ${quoteElement(element)}, which is not of a simple type, is not supported`,
        'remove it',
      );
    }
    const value = compileText(type)(type.kind === 'QName' ? expandName(resolveName(element, given)) : given);
    if (value === undefined) refuse(element, `${name}="${given}" of ${quoteElement(element)} is not of its type`);
    presets[name] = value;
  }
  if (presets.default !== undefined && presets.fixed !== undefined) {
    refuse(element, `${quoteElement(element)} has a default and a fixed value`, 'remove one of them');
  }
  return presets;
}

/** Of <any> and <anyAttribute>. */
export function readWildcard(element: WsdlElement, { namespace }: SchemaDocument): Wildcard {
  allowOnly(element, { attributes: ['namespace', 'processContents', 'minOccurs', 'maxOccurs'], children: [] });
  const contents = element.attributes.get('processContents') ?? 'strict';
  if (contents !== 'lax' && contents !== 'skip') {
    const advice = 'what comes there is kept as XML and not checked: write processContents="lax"';
    refuse(element, `<${element.local}> with processContents="${contents}" is not supported`, advice);
  }
  const given = (element.attributes.get('namespace') ?? '##any').trim();
  if (given === '##any') return { namespaces: new Set(), except: true };
  if (given === '##other') return { namespaces: new Set([namespace, '']), except: true };
  const meanings: Readonly<Record<string, string>> = { '##targetNamespace': namespace, '##local': '' };
  return { namespaces: new Set(given.split(/\s+/).map((name) => meanings[name] ?? name)), except: false };
}
