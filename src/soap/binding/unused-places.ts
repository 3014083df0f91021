// Places of a request that no rule reads, and of a reply that no rule writes: a till's value that is thrown away, an element
// that a till never gets. Neither stops a start; whoever writes a binding wants to know of them.
import { isComplex, type ComplexType } from '../contract/schema.ts';
import type { BindingFile, CallText, RuleText, ShapeText } from './binding-file.ts';
import { readRule, readsNothing } from './rule.ts';

/** Paths from the wrapper: "Receipt/Line/Sum". An element of which nothing is used stands for all inside it. */
export function listUnread(
  type: ComplexType,
  file: BindingFile,
  calls: readonly CallText[],
  choose: readonly string[],
): string[] {
  const used = new Set(choose);
  for (const { request } of calls) if (request !== undefined) collectRead(file, request, '', used, []);
  return listUnused(type, used, '');
}

export function listUnwritten(type: ComplexType, file: BindingFile, { reply }: CallText): string[] {
  const used = new Set<string>();
  collectWritten(file, reply, '', used, []);
  return listUnused(type, used, '');
}

function join(prefix: string, place: string): string {
  return prefix === '' || place === '' ? prefix + place : `${prefix}/${place}`;
}

/** `open` are the shapes that lead here: a shape may name itself by mistake. */
function collectRead(
  file: BindingFile,
  text: RuleText,
  prefix: string,
  used: Set<string>,
  open: readonly string[],
): void {
  const rule = readRule(text);
  if (readsNothing(rule)) return;
  const { from, options } = rule;
  const { shape } = options;
  if (shape === undefined) {
    for (const place of from) used.add(join(prefix, place!));
    return;
  }
  for (const inner of Object.values(findInner(file.requests, shape, open))) {
    collectRead(file, inner, join(prefix, from[0]), used, [...open, shape]);
  }
}

function collectWritten(
  file: BindingFile,
  rules: ShapeText,
  prefix: string,
  used: Set<string>,
  open: readonly string[],
): void {
  for (const [key, text] of Object.entries(rules)) {
    const place = join(prefix, key);
    const { shape } = readRule(text).options;
    if (shape === undefined) used.add(place);
    else collectWritten(file, findInner(file.replies, shape, open), place, used, [...open, shape]);
  }
}

function findInner(shapes: Readonly<Record<string, ShapeText>>, name: string, open: readonly string[]): ShapeText {
  return open.includes(name) || !Object.hasOwn(shapes, name) ? {} : shapes[name]!;
}

function listUnused(type: ComplexType, used: ReadonlySet<string>, prefix: string): string[] {
  const own = [
    ...type.attributes.filter(({ use }) => use !== 'prohibited').map(({ name }) => `@${name}`),
    ...(type.text === undefined ? [] : ['#text']),
  ];
  return [
    ...own.map((key) => join(prefix, key)).filter((place) => !used.has(place)),
    ...type.fields.flatMap((field) => {
      const place = join(prefix, field.name);
      if (used.has(place)) return [];
      const isOpened = [...used].some((one) => one.startsWith(`${place}/`));
      return isOpened && isComplex(field.type) ? listUnused(field.type, used, place) : [place];
    }),
  ];
}
