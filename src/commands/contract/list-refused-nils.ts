// Places of a request that a client may send as nil, read by a rule that refuses a missing value. The schema allows it, 1C's
// own clients do it, and the till is answered result 11: whoever writes a binding wants to know before a till does.
import type { BindingFile, CallText, RuleText } from '../../soap/binding/binding-file.ts';
import { BadValue } from '../../soap/binding/bad-value.ts';
import { findPlace } from '../../soap/binding/place.ts';
import { trialContext } from '../../soap/binding/read-context.ts';
import { compileReadTransform } from '../../soap/binding/read-transforms.ts';
import { findShape, readRule, readsNothing, type Rule } from '../../soap/binding/rule.ts';
import { isComplex, type ComplexType, type Field } from '../../soap/contract/schema.ts';

/**
 * Paths from the wrapper.
 * @throws Error where a rule is wrong: the check names it already.
 */
export function listRefusedNils(type: ComplexType, file: BindingFile, { request }: CallText): string[] {
  return request === undefined ? [] : [...new Set(listOfRule(type, file, request, '', []))];
}

/** `open` are the shapes that lead here: a shape may name itself by mistake. */
function listOfRule(
  type: ComplexType,
  file: BindingFile,
  text: RuleText,
  prefix: string,
  open: readonly string[],
): string[] {
  const rule = readRule(text);
  const { shape } = rule.options;
  if (readsNothing(rule) || (shape !== undefined && open.includes(shape))) return [];
  if (shape === undefined) {
    const refuses = refusesMissing(rule, file);
    return rule.from.flatMap((path) => (refuses && isNillable(type, path!) ? [join(prefix, path!)] : []));
  }
  const [path] = rule.from;
  // Where the fields of a nested value stand among the others, all of them empty are no value.
  if (path === '' && open.length > 0) return [];
  const place = findPlace(type, path);
  if (!isComplex(place.type)) return [];
  const own = place.type;
  return Object.values(findShape(file.requests, shape)).flatMap((inner) =>
    listOfRule(own, file, inner, join(prefix, path), [...open, shape]),
  );
}

function refusesMissing(rule: Rule, file: BindingFile): boolean {
  if (rule.options.none !== undefined) return false;
  return compileReadTransform(rule, file, false).read(null, trialContext) instanceof BadValue;
}

/** Whether it, or an element around it, may come as nil. */
function isNillable(root: ComplexType, path: string): boolean {
  let type: ComplexType | undefined = root;
  for (const step of path.split('/')) {
    const field: Field | undefined = type?.fields.find(({ name }) => name === step);
    if (field?.nillable === true) return true;
    type = field !== undefined && isComplex(field.type) ? field.type : undefined;
  }
  return false;
}

function join(prefix: string, place: string): string {
  return prefix === '' || place === '' ? prefix + place : `${prefix}/${place}`;
}
