// Which examples of documents/ may stand in a string: recordings say first, then the side that an example is of, then what the
// string is called. A code of a shop is no document, however well the elements of one would fit the command.
import type { Operation, Wrapper } from '../contract/model.ts';
import { isAny, isComplex, type Field, type ScalarType } from '../contract/schema.ts';
import type { DocumentExample } from './document-variants.ts';
import type { Samples } from './draft-places.ts';
import { readName } from './name-words.ts';
import { readElements, type RecordedElement } from './read-elements.ts';

export type Side = 'request' | 'reply';

export interface RecordedDocuments {
  /** Roots of the documents that came in strings of either side, of any operation. */
  readonly roots: Readonly<Record<Side, ReadonlySet<string>>>;
}

export function findRecordedDocuments(operations: readonly Operation[], samples: Samples): RecordedDocuments {
  const listRoots = (wrappers: readonly Wrapper[]): ReadonlySet<string> =>
    new Set(
      wrappers.flatMap(({ element, type }) =>
        type.fields
          .filter(isPlainString)
          .flatMap(({ name }) => readDocuments(samples.get(`${element}/${name}`) ?? []).map(({ local }) => local)),
      ),
    );
  return {
    roots: {
      request: listRoots(operations.map(({ request }) => request)),
      reply: listRoots(operations.map(({ response }) => response)),
    },
  };
}

/** Of texts that were recorded in a string, those that are XML documents. */
export function readDocuments(texts: readonly string[]): RecordedElement[] {
  return texts.flatMap((text) => {
    if (!/^\s*</.test(text)) return [];
    try {
      return [readElements(text.trim())];
    } catch {
      return [];
    }
  });
}

export function isPlainString({ type, repeated }: Field): boolean {
  return !repeated && !isComplex(type) && !isAny(type) && type.kind === 'string' && type.values === undefined;
}

/** What a string that holds a document is called. */
const ofDocuments = ['info', 'document', 'request', 'result', 'value', '?xml'];
/** What a string that holds one value is called, whatever else its name has. */
const ofValues = ['number', 'code', 'id', 'reason', 'error', 'message', 'comment', 'till', 'shop', 'cashier', 'date'];
/** No document is shorter. */
const leastLength = 64;

/** @param recorded roots of what came in this very string; undefined if no text came in it. */
export function mayHold(
  field: Field,
  example: DocumentExample,
  recorded: ReadonlySet<string> | undefined,
  isOnlyString: boolean,
): boolean {
  if (recorded !== undefined) return recorded.has(example.root.local);
  const { maxLength = Infinity } = field.type as ScalarType;
  const name = readName(field.name);
  if (maxLength < leastLength || ofValues.some((meaning) => name.has(meaning))) return false;
  const isAlike = [...name].some((meaning) => example.meanings.has(meaning));
  return isOnlyString || isAlike || ofDocuments.some((meaning) => name.has(meaning));
}

/** An example is of the side that its name says, or of the one in which alone its root has come. */
export function isOfSide(
  { meanings, root }: DocumentExample,
  side: Side,
  { roots }: RecordedDocuments,
  examples: readonly DocumentExample[],
): boolean {
  const isAsked = meanings.has('request');
  const isAnswered = meanings.has('result');
  if (isAsked !== isAnswered) return side === (isAsked ? 'request' : 'reply');
  // Where both sides have a root of this name, another example may be meant.
  if (examples.filter((one) => one.root.local === root.local).length > 1) return true;
  const other = side === 'request' ? 'reply' : 'request';
  return roots[side].has(root.local) || !roots[other].has(root.local);
}
