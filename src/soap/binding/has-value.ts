// Whether a request has a value at the places of a rule. Parameters cannot be left out of a call (wire W10), so a client
// without a value sends the empty one of the type: '', 0, or the empty date.
import type { ReadContext } from './read-context.ts';
import { isComplex, type ComplexType } from '../contract/schema.ts';
import type { WireTree } from '../contract/wire-tree.ts';
import type { BindingFile } from './binding-file.ts';
import { findPlace } from './place.ts';
import { compileReadTransform } from './read-transforms.ts';
import { readsNothing, type Rule } from './rule.ts';

export type HasValue = (tree: WireTree, context: ReadContext) => boolean;

export function compileHasValue(file: BindingFile, type: ComplexType, rule: Rule): HasValue {
  if (readsNothing(rule)) return () => false;
  const [from, time] = rule.from;
  const place = findPlace(type, from);
  // A structure or a list is there or is not.
  if (isComplex(place.type)) return (tree) => place.read(tree) !== null;
  const isMoment = rule.transform === 'moment' || rule.transform === 'requiredMoment';
  if (!isMoment) return (tree) => !isEmpty(place.read(tree) as string | null);
  const { read, readPair } = compileReadTransform({ ...rule, transform: 'moment' }, file, false);
  if (time === undefined) return (tree, context) => read(place.read(tree) as string | null, context) !== null;
  const timePlace = findPlace(type, time);
  return (tree, context) =>
    readPair!(place.read(tree) as string | null, timePlace.read(tree) as string | null, context) !== null;
}

function isEmpty(text: string | null): boolean {
  return text === null || text === '' || /^0+(?:[.,]0+)?$/.test(text);
}
