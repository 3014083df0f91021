// A reply of a contract as an answer with its fields: the shapes of replies of its binding.json turned round, and its sentences
// with the command's name of a wrong field in place of the wire's.
import { compileDateForm } from '../../../src/soap/binding/date-form.ts';
import { findShape, findTable, readRule, type Rule } from '../../../src/soap/binding/rule.ts';
import type { BindingFile, ShapeText } from '../../../src/soap/binding/binding-file.ts';
import { readDocument } from '../../../src/soap/binding/xml-document.ts';
import { formatDecimal } from '../../../src/soap/contract/lexical-forms.ts';
import type { WireTree, WireValue } from '../../../src/soap/contract/wire-tree.ts';
import { findCall, type FoundCall, type TestedContract } from './tested-contract.ts';
import type { Told, ToldFields } from './told.ts';

/** The answer of a command; `fault` alone is the text of a fault. */
export function readAnswer(tested: TestedContract, command: string, xml: string): ToldFields {
  const fault = /<faultstring>([^<]*)<|<soap:Text xml:lang="ru">([^<]*)</.exec(xml);
  // The text begins where clients cut it.
  if (fault !== null) return { fault: (fault[1] ?? fault[2] ?? '').replace(/^.*\}: /, '') };
  const found = findCall(tested, command);
  const { call, operation } = found;
  let tree = tested.readResponse(xml).arguments;
  for (const [place, name] of Object.entries(call.replyDocuments ?? {})) {
    tree = { ...tree, [place]: readDocument(tested.templates.get(name)!, tree[place] as string) };
  }
  const names = listFieldNames(tested.file, found);
  const answer: Record<string, Told> = {};
  if (operation.response.type.fields[0]?.name !== 'return') throw new Error('the first element is not return');
  readShape(tested.file, call.reply, tree, names, answer);
  return answer;
}

interface FieldNames {
  /** Paths of the command's fields by paths of the wire. */
  readonly own: ReadonlyMap<string, string>;
  /** Of the items of the list of the request that are answered one by one. */
  readonly items: ReadonlyMap<string, string>;
}

function listFieldNames(file: BindingFile, { call }: FoundCall): FieldNames {
  const own = new Map<string, string>();
  const items = new Map<string, string>();
  if (call.request !== undefined) collect(readRule(call.request).options.shape, '', '', own);
  return { own, items: items.size === 0 ? own : items };

  function collect(shapeName: string | undefined, wire: string, field: string, into: Map<string, string>): void {
    for (const [name, text] of Object.entries(findShape(file.requests, shapeName))) {
      const { from, transform, options } = readRule(text);
      const place = [wire, from[0]].filter((step) => step !== '').join('/');
      const path = field === '' ? name : `${field}.${name}`;
      if (options.shape === undefined) into.set(place, path);
      else collect(options.shape, place, path, into);
      if (transform === 'checkedList') collect(options.shape, '', '', items);
    }
  }
}

function readShape(
  file: BindingFile,
  shape: ShapeText,
  tree: WireTree,
  names: FieldNames,
  into: Record<string, Told>,
): void {
  for (const [path, text] of Object.entries(shape)) {
    readPlace(file, readRule(text), findValue(tree, path), names, into);
  }
}

function findValue(tree: WireTree, path: string): WireValue {
  let value: WireValue = tree;
  for (const step of path.split('/')) value = value === null ? null : ((value as WireTree)[step] ?? null);
  return value;
}

function readPlace(
  file: BindingFile,
  rule: Rule,
  value: WireValue,
  names: FieldNames,
  into: Record<string, Told>,
): void {
  const [field] = rule.from;
  switch (rule.transform) {
    case 'shape':
      readShape(file, findShape(file.replies, rule.options.shape), value as WireTree, names, into);
      return;
    case 'list':
      into[field] = ((value ?? []) as readonly WireTree[]).map((item) => {
        const inner: Record<string, Told> = {};
        readShape(file, findShape(file.replies, rule.options.shape), item, { ...names, own: names.items }, inner);
        return inner;
      });
      return;
    case 'constant':
      return;
    case 'resultText':
      into.text = nameFields(value as string, names.own);
      return;
    case 'isDone':
      into.isDone = value as string;
      return;
    default:
      readScalar(file, rule, value as string | null, into);
  }
}

function readScalar(
  file: BindingFile,
  { from: [field], transform, options }: Rule,
  text: string | null,
  into: Record<string, Told>,
): void {
  if (text === null || text === options.none) {
    into[field] = null;
    return;
  }
  const before = (into[field] ?? null) as string | null;
  into[field] = readText(file, transform, options, text, before);
}

function readText(
  file: BindingFile,
  transform: string,
  { form, unit, point, words, table }: Rule['options'],
  text: string,
  before: string | null,
): string {
  switch (transform) {
    case 'moment':
      return form === undefined ? text : compileDateForm(form).read(text)!;
    case 'date':
      return `${(form === undefined ? text : compileDateForm(form).read(text)!).slice(0, 10)}T00:00:00`;
    case 'time':
      return `${before!.slice(0, 10)}T${text.slice(-8)}`;
    case 'money':
    case 'hundredths':
      return readSum(text, unit, point);
    case 'boolean':
      return words === undefined ? text : String(text === words[0]);
    case 'table':
      return String(findTable(file, table)[text]);
    default:
      return text;
  }
}

function readSum(text: string, unit: Rule['options']['unit'], point: Rule['options']['point']): string {
  if (unit === undefined) return formatDecimal(point === ',' ? text.replace(',', '.') : text)!;
  const [, sign, digits] = /^(-?)(\d+)$/.exec(text)!;
  const padded = digits!.padStart(3, '0');
  return formatDecimal(`${sign}${padded.slice(0, -2)}.${padded.slice(-2)}`)!;
}

/**
 * "поля Line[2]/Sum: ожидается ..." -> "поля lines[2].sumKopecks". What was expected is left out: a contract with sums in
 * kopecks expects other words.
 */
function nameFields(text: string, names: ReadonlyMap<string, string>): string {
  const wrong = /^(Неверное значение поля )(\S+): /.exec(text);
  if (wrong !== null) return wrong[1]! + nameField(wrong[2]!, names);
  return text.replace(
    /(значением поля )(\S+?)(?=:)/,
    (_, words: string, place: string) => words + nameField(place, names),
  );
}

function nameField(place: string, names: ReadonlyMap<string, string>): string {
  const [index = ''] = /\[\d+\]/.exec(place) ?? [];
  const path = names.get(place.replace(index, ''));
  if (path === undefined) throw new Error(`no field of the command is at ${place}`);
  return index === '' ? path : path.replace('.', `${index}.`);
}
