// Strings that may hold an XML document: a side of an operation as it is, and with each example of the folder's documents/ in
// place of a string parameter. An example's own values are samples: how it writes dates, sums and words.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findDocuments } from '../binding/document-places.ts';
import { readDocumentTemplate, type DocumentTemplate } from '../binding/document-template.ts';
import type { Wrapper } from '../contract/model.ts';
import { isComplex, type ComplexType } from '../contract/schema.ts';
import {
  isOfSide,
  isPlainString,
  mayHold,
  readDocuments,
  type RecordedDocuments,
  type Side,
} from './document-candidates.ts';
import type { Samples } from './draft-places.ts';
import { readName } from './name-words.ts';
import { readElements, type RecordedElement } from './read-elements.ts';

export interface DocumentExample {
  readonly name: string;
  /** From the folder of the contract. */
  readonly example: string;
  readonly template: DocumentTemplate;
  readonly root: RecordedElement;
  /** Meanings of its file's name and of its root's. */
  readonly meanings: ReadonlySet<string>;
}

export interface Variant {
  readonly wrapper: Wrapper;
  readonly samples: Samples;
  /** Undefined = the side as the WSDL has it. */
  readonly document?: VariantDocument;
}

export interface VariantDocument {
  readonly place: string;
  readonly example: DocumentExample;
  /** Whether recordings have such a document in this very string. */
  readonly isRecorded: boolean;
}

/** What is known of documents in strings before any operation is drafted. */
export interface KnownDocuments {
  readonly examples: readonly DocumentExample[];
  readonly recorded: RecordedDocuments;
}

/** Examples that cannot be read are left out: `contract check` names them once they are used. */
export function readDocumentExamples(folder: string): DocumentExample[] {
  const documents = join(folder, 'documents');
  if (!existsSync(documents)) return [];
  return readdirSync(documents)
    .filter((file) => file.endsWith('.xml'))
    .toSorted()
    .flatMap((file) => {
      try {
        const text = readFileSync(join(documents, file), 'utf8').replace(/^\uFEFF/, '');
        const name = file.slice(0, -'.xml'.length);
        const root = readElements(text);
        const meanings = new Set([...readName(name), ...readName(root.local)]);
        return [{ name, example: `documents/${file}`, template: readDocumentTemplate(text, []), root, meanings }];
      } catch {
        return [];
      }
    });
}

export function listVariants(
  wrapper: Wrapper,
  side: Side,
  { examples, recorded: known }: KnownDocuments,
  samples: Samples,
): Variant[] {
  const plain: Variant = { wrapper, samples };
  const strings = wrapper.type.fields.filter(isPlainString);
  const ofSide = examples.filter((example) => isOfSide(example, side, known, examples));
  return [
    plain,
    ...strings.flatMap((field) => {
      const place = field.name;
      const path = `${wrapper.element}/${place}`;
      const texts = (samples.get(path) ?? []).filter((text) => text !== '');
      const recorded = readDocuments(texts);
      const roots = texts.length === 0 ? undefined : new Set(recorded.map(({ local }) => local));
      const fitting = ofSide.filter((example) => mayHold(field, example, roots, strings.length === 1));
      return fitting.map((example): Variant => {
        const document = { template: example.template, as: 'escaped' } as const;
        const { type } = findDocuments(wrapper.type, new Map([[place, document]]));
        const all = new Map<string, readonly string[]>(samples);
        const at = `${path}/${example.root.local}`;
        addSamples(example.root, at, all);
        // An example may be blank where a till writes something: it does not say what comes empty.
        for (const [key, own] of all)
          if (key.startsWith(`${at}/`))
            all.set(
              key,
              own.filter((text) => text !== ''),
            );
        for (const root of recorded) if (root.local === example.root.local) addSamples(root, at, all);
        const isRecorded = roots !== undefined;
        return { wrapper: { ...wrapper, type }, samples: all, document: { place, example, isRecorded } };
      });
    }),
  ];
}

/** What to do about documents that came in strings of a side and have no example: one sentence for each. */
export function hintDocuments(
  { element, type }: Wrapper,
  examples: readonly DocumentExample[],
  samples: Samples,
): string[] {
  return type.fields.filter(isPlainString).flatMap(({ name }) => {
    const roots = new Set(readDocuments(samples.get(`${element}/${name}`) ?? []).map(({ local }) => local));
    for (const { root } of examples) roots.delete(root.local);
    return [...roots].map(
      (root) =>
        `${element}/${name} holds XML documents <${root}>: put an example of one into documents/, and draft again`,
    );
  });
}

function addSamples(element: RecordedElement, name: string, samples: Map<string, readonly string[]>): void {
  const add = (own: string, text: string): void => {
    samples.set(own, [...(samples.get(own) ?? []), text]);
  };
  for (const [local, value] of element.attributes) add(`${name}/@${local}`, value);
  if (element.children.length === 0) add(element.attributes.size === 0 ? name : `${name}/#text`, element.text);
  for (const child of element.children) addSamples(child, `${name}/${child.local}`, samples);
}

/** Structures of an example, which may come more than once though the example has them once. */
export function listFlexible({ document }: Variant): ReadonlySet<ComplexType> {
  const types = new Set<ComplexType>();
  const visit = (type: ComplexType): void => {
    for (const field of type.fields) {
      if (!isComplex(field.type)) continue;
      types.add(field.type);
      visit(field.type);
    }
  };
  // The document itself comes once.
  const root = document?.example.template.type.fields[0]?.type;
  if (root !== undefined && isComplex(root)) visit(root);
  return types;
}
