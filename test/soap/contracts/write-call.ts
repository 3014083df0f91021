// A command with its fields as a request of another contract: the shapes of its binding.json turned round. What a value means
// stays what it was, wrong values included; only how it is written is the other contract's.
import { compileDateForm } from '../../../src/soap/binding/date-form.ts';
import { findShape, findTable, readRule, type Rule } from '../../../src/soap/binding/rule.ts';
import type { ShapeText } from '../../../src/soap/binding/binding-file.ts';
import { writeDocument } from '../../../src/soap/binding/xml-document.ts';
import type { WireTree } from '../../../src/soap/contract/wire-tree.ts';
import { openTimeZone } from '../../../src/ledger/time-zone.ts';
import { findCall, type FoundCall, type TestedContract } from './tested-contract.ts';
import type { Told, ToldCall, ToldFields, Tree, Version } from './told.ts';
import { arrange, writeEnvelope } from './write-envelope.ts';

/** The shop's clock: what a till writes that has no place for a time zone. */
const { toLocal } = openTimeZone('Europe/Moscow');

export interface WrittenCall {
  readonly operation: string;
  readonly xml: string;
}

/** SOAP 1.1 carries documents as CDATA, SOAP 1.2 escaped. */
export function writeCall(tested: TestedContract, call: ToldCall, version: Version): WrittenCall {
  const { found, parameters } = fillCall(tested, call);
  const { operation, requestDocuments } = found;
  const cdata = version === '1.1' ? Object.keys(requestDocuments) : [];
  return { operation: operation.name, xml: writeEnvelope(operation.request, parameters, version, cdata) };
}

/** The parameters of a call, as a client is given them. */
export function fillCall(
  tested: TestedContract,
  { command, fields }: ToldCall,
): { readonly found: FoundCall; readonly parameters: Tree } {
  const found = findCall(tested, command);
  const { operation, call, choice, requestDocuments } = found;
  const tree: Tree = {};
  if (call.request !== undefined) {
    const { from, options } = readRule(call.request);
    const inside = openPlace(tree, from[0]);
    writeShape(tested, findShape(tested.file.requests, options.shape), fields, inside);
  }
  if (choice !== undefined) put(tree, choice.place, choice.value);
  for (const [place, name] of Object.entries(requestDocuments)) {
    tree[place] = writeDocument(tested.templates.get(name)!, tree[place] as WireTree);
  }
  return { found, parameters: arrange(operation.request.type, tree) };
}

function openPlace(tree: Tree, path: string): Tree {
  if (path === '') return tree;
  let inside = tree;
  for (const step of path.split('/')) inside = (inside[step] ??= {}) as Tree;
  return inside;
}

function put(tree: Tree, path: string, value: Tree[string]): void {
  const slash = path.lastIndexOf('/');
  openPlace(tree, path.slice(0, Math.max(slash, 0)))[path.slice(slash + 1)] = value;
}

function writeShape(tested: TestedContract, shape: ShapeText, fields: ToldFields, tree: Tree): void {
  for (const [field, text] of Object.entries(shape)) {
    writeField(tested, readRule(text), fields[field] ?? null, tree);
  }
}

function writeField(tested: TestedContract, rule: Rule, value: Told, tree: Tree): void {
  const { from, options } = rule;
  if (value === null) return;
  if (typeof value === 'string') {
    for (const [index, text] of writeText(tested, rule, value).entries()) put(tree, from[index]!, text);
    return;
  }
  const shape = findShape(tested.file.requests, options.shape);
  if (!Array.isArray(value)) {
    writeShape(tested, shape, value as ToldFields, openPlace(tree, from[0]));
    return;
  }
  const items = (value as readonly ToldFields[]).map((item) => {
    const inside: Tree = {};
    writeShape(tested, shape, item, inside);
    return inside;
  });
  if (items.length > 0) put(tree, from[0], items);
}

/** One text for each place of the rule. */
function writeText({ file }: TestedContract, { from, transform, options }: Rule, text: string): readonly string[] {
  const { unit, point, words, form, table } = options;
  switch (transform) {
    case 'moment':
    case 'requiredMoment': {
      if (from.length === 1 && form === undefined) return [text];
      const local = text.length > 19 ? toLocal(text)! : text;
      return form === undefined ? [local.slice(0, 10), local.slice(11)] : [compileDateForm(form).write(local)];
    }
    case 'money':
    case 'optionalMoney':
    case 'amount': {
      const sum = unit === 'hundredths' ? moveTwoPlaces(text) : text;
      return [point === ',' ? sum.replace('.', ',') : sum];
    }
    case 'boolean':
      return [words === undefined ? text : words[text === 'true' ? 0 : 1]];
    case 'table':
    case 'optionalTable': {
      const word = Object.entries(findTable(file, table)).find(([, own]) => own === text)?.[0];
      // A word that means nothing in the one contract must not mean something in the other.
      return [word ?? `${text}?`];
    }
    default:
      return [text];
  }
}

/** "20.505" -> "2050.5": also of sums that no command takes. */
function moveTwoPlaces(text: string): string {
  const [, sign, whole, rest = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)!;
  const digits = rest.padEnd(2, '0');
  const moved = `${whole}${digits.slice(0, 2)}`.replace(/^0+(?=\d)/, '');
  return `${sign}${moved}${digits.length > 2 ? `.${digits.slice(2)}` : ''}`;
}
