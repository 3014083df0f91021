// Strings of a request or a reply that hold an XML document: the shapes of binding.json see the document's own elements there.
import type { ComplexType, Field } from '../contract/schema.ts';
import { CData, type WireTree, type WireValue } from '../contract/wire-tree.ts';
import type { DocumentTemplate } from './document-template.ts';
import { findField, findPlace } from './place.ts';
import { DocumentError, readDocument, writeDocument } from './xml-document.ts';

export interface NamedDocument {
  readonly template: DocumentTemplate;
  readonly as: 'escaped' | 'cdata';
}

export interface Documents {
  /** The wrapper's type, with the documents in place of the strings. */
  readonly type: ComplexType;
  /** @throws WrongDocument */
  readonly open: (tree: WireTree) => WireTree;
  readonly close: (tree: WireTree) => WireTree;
}

/** The string at `place` is not the document that was expected. */
export class WrongDocument extends Error {
  readonly place: string;
  constructor(place: string, expected: string) {
    super(expected);
    this.place = place;
  }
}

/** @param places by their paths. @throws Error if there is no such string in the wrapper. */
export function findDocuments(wrapper: ComplexType, places: ReadonlyMap<string, NamedDocument>): Documents {
  let type = wrapper;
  const converters: { readonly open: Convert; readonly close: Convert; readonly keys: readonly string[] }[] = [];
  for (const [path, document] of places) {
    const place = findPlace(wrapper, path);
    if (!('kind' in place.type) || place.type.kind !== 'string' || place.isList) {
      throw new Error(`${path} is not a string that could hold a document`);
    }
    const keys = path.split('/');
    type = replaceType(type, keys, document.template.type);
    converters.push({ keys, ...compileConverters(path, document) });
  }
  const convert = (tree: WireTree, direction: 'open' | 'close'): WireTree => {
    let converted = tree;
    for (const converter of converters) converted = replaceValue(converted, converter.keys, converter[direction]);
    return converted;
  };
  return { type, open: (tree) => convert(tree, 'open'), close: (tree) => convert(tree, 'close') };
}

type Convert = (value: WireValue) => WireValue;

function compileConverters(path: string, { template, as }: NamedDocument): { open: Convert; close: Convert } {
  return {
    open(xml) {
      try {
        return readDocument(template, xml as string);
      } catch (reason) {
        if (reason instanceof DocumentError) throw new WrongDocument(path, reason.message);
        throw reason;
      }
    },
    close(tree) {
      const xml = writeDocument(template, tree as WireTree);
      return as === 'cdata' ? new CData(xml) : xml;
    },
  };
}

function replaceType(type: ComplexType, [key = '', ...rest]: readonly string[], document: ComplexType): ComplexType {
  const field = findField(type, key);
  const inner = rest.length === 0 ? document : replaceType(field.type as ComplexType, rest, document);
  const replace = (one: Field): Field => (one === field ? { ...one, type: inner } : one);
  return { ...type, fields: type.fields.map(replace) };
}

function replaceValue(tree: WireTree, [key = '', ...rest]: readonly string[], convert: Convert): WireTree {
  const value = tree[key] ?? null;
  if (value === null) return tree;
  const copy: { [name: string]: WireValue } = Object.assign(Object.create(null), tree);
  copy[key] = rest.length === 0 ? convert(value) : replaceValue(value as WireTree, rest, convert);
  return copy;
}
