// binding.json compiled: wire trees become commands and answers become wire trees. The names of the wire are only in that
// file, so a base whose real WSDL is known needs a folder with two files and no line of code.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Checked } from '../operations/checked.ts';
import type { ReadZoned } from '../operations/zoned-dates.ts';
import type { ContractModel, Wrapper } from './contract/model.ts';
import { isComplex, type ComplexType, type Field } from './contract/schema.ts';
import type { WireTree, WireValue } from './contract/wire-tree.ts';
import { commands } from './handlers.ts';
import { BadValue, readTransforms, writeTransforms, type Answer, type Naming } from './transforms.ts';

/** [path or field, transform, shape]. */
export type Rule = readonly [string, string, string?];
export type Shape = Readonly<Record<string, Rule>>;

interface BindingFile {
  readonly emptyMoments: readonly string[];
  readonly receiptKinds: Readonly<Record<string, string>>;
  readonly requests: Readonly<Record<string, Shape>>;
  readonly replies: Readonly<Record<string, Shape>>;
  readonly operations: Readonly<
    Record<string, { readonly command: string; readonly request?: Rule; readonly reply: Shape }>
  >;
}

export interface BoundOperation {
  readonly command: string;
  readonly toCommand: ToCommand;
  readonly toReply: (answer: Answer) => WireTree;
  /** The wire's names of the fields of the command. */
  readonly naming: Naming;
  /** The same data uncompiled, for input that is not an envelope: the request's element, and the shapes under it. */
  readonly source: BindingSource;
}

export interface BindingSource {
  readonly request: Rule | undefined;
  readonly shapes: Readonly<Record<string, Shape>>;
  readonly receiptKinds: Readonly<Record<string, string>>;
}

/** `readZoned` reads a date that names a zone, as the infobase's setting says. */
type ToCommand = (tree: WireTree, readZoned: ReadZoned) => Checked<Readonly<Record<string, unknown>>>;
type ReadValue = (tree: WireTree, readZoned: ReadZoned) => unknown;
type WriteValue = (answer: Answer) => WireValue;

/**
 * @param folder the contract's folder, with binding.json.
 * @throws Error naming the operation, element or transform that does not fit the WSDL.
 */
export function loadBinding(folder: string, model: ContractModel): ReadonlyMap<string, BoundOperation> {
  const file = JSON.parse(readFileSync(join(folder, 'binding.json'), 'utf8')) as BindingFile;
  const bound = new Map<string, BoundOperation>();
  for (const operation of model.operations) {
    const rule = file.operations[operation.name];
    if (rule === undefined) throw new Error(`binding.json: operation ${operation.name} of the WSDL has no rule`);
    checkCommand(file, operation.name, rule.command, rule.request?.[2]);
    const naming = collectNames(file, rule.request?.[2]);
    bound.set(operation.name, {
      command: rule.command,
      toCommand: compileRequest(file, operation.request, rule.request),
      toReply: compileReply(file, operation.response, rule.reply, naming),
      naming,
      source: { request: rule.request, shapes: file.requests, receiptKinds: file.receiptKinds },
    });
  }
  const extra = Object.keys(file.operations).find((name) => !bound.has(name));
  if (extra !== undefined) throw new Error(`binding.json: operation ${extra} is not in the WSDL`);
  return bound;
}

function checkCommand(file: BindingFile, operation: string, name: string, shapeName: string | undefined): void {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw new Error(`binding.json: ${operation}: there is no command ${name}`);
  const shape = shapeName === undefined ? {} : findShape(file.requests, shapeName);
  const checkFields = (given: Shape, fields: readonly string[]): void => {
    const missing = fields.find((field) => !Object.hasOwn(given, field));
    if (missing !== undefined) throw new Error(`binding.json: ${operation}: command ${name} needs ${missing}`);
  };
  checkFields(shape, command.takes);
  if (command.takesEach === undefined) return;
  const [list, fields] = command.takesEach;
  checkFields(findShape(file.requests, shape[list]?.[2] ?? ''), fields);
}

/** The wire's names of the fields of a command, for answers about them. */
function collectNames(file: BindingFile, shapeName: string | undefined, names = new Map<string, string>()): Naming {
  if (shapeName === undefined) return names;
  for (const [field, [path, , inner]] of Object.entries(findShape(file.requests, shapeName))) {
    names.set(field, path.slice(path.lastIndexOf('/') + 1));
    collectNames(file, inner, names);
  }
  return names;
}

function findShape(shapes: Readonly<Record<string, Shape>>, name: string): Shape {
  const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
  if (shape === undefined) throw new Error(`binding.json: there is no shape ${name}`);
  return shape;
}

function compileRequest(file: BindingFile, wrapper: Wrapper, rule: Rule | undefined): ToCommand {
  if (rule === undefined) return () => ({ ok: true, value: {} });
  const [path, , shapeName = ''] = rule;
  const field = findField(wrapper.type, path);
  const read = compileShape(file, field, shapeName);
  return (tree, readZoned) => read((tree[path] ?? {}) as WireTree, readZoned);
}

function findField(type: ComplexType, name: string): Field {
  const field = type.fields.find((candidate) => candidate.name === name);
  if (field === undefined) throw new Error(`binding.json: ${type.name} has no element ${name}`);
  return field;
}

function complexOf(field: Field): ComplexType {
  if (!isComplex(field.type)) throw new Error(`binding.json: ${field.name} has no elements of its own`);
  return field.type;
}

function compileShape(file: BindingFile, field: Field, shapeName: string): ToCommand {
  const fields = Object.entries(findShape(file.requests, shapeName)).map(([name, rule]) => ({
    name,
    read: compileRead(file, complexOf(field), rule),
  }));
  return (tree, readZoned) => {
    const value: Record<string, unknown> = {};
    let bad: BadValue | undefined;
    for (const { name, read } of fields) {
      const got = read(tree, readZoned);
      if (got instanceof BadValue) bad ??= got.within(name);
      else value[name] = got;
    }
    if (bad === undefined) return { ok: true, value };
    return { ok: false, trouble: { field: bad.path, expected: bad.expected }, partial: value };
  };
}

function compileRead(file: BindingFile, type: ComplexType, [name, transform, inner]: Rule): ReadValue {
  const field = findField(type, name);
  if (transform === 'shape' || transform === 'list' || transform === 'checkedList') {
    return compileInner(name, transform, compileShape(file, field, inner ?? ''));
  }
  const known = readTransforms({ emptyMoments: file.emptyMoments, receiptKinds: file.receiptKinds });
  const convert = Object.hasOwn(known, transform) ? known[transform] : undefined;
  if (convert === undefined) throw new Error(`binding.json: ${name}: there is no transform ${transform}`);
  return (tree, readZoned) => convert((tree[name] ?? null) as string | null, readZoned);
}

function compileInner(name: string, transform: 'shape' | 'list' | 'checkedList', read: ToCommand): ReadValue {
  const open: ReadValue = (tree, readZoned) => {
    const checked = read(tree, readZoned);
    return checked.ok ? checked.value : new BadValue(checked.trouble.expected, checked.trouble.field);
  };
  if (transform === 'shape') {
    return (tree, readZoned) => {
      const value = tree[name] ?? null;
      return value === null ? null : open(value as WireTree, readZoned);
    };
  }
  const each = transform === 'list' ? open : read;
  return (tree, readZoned) => {
    // An item sent as nil does not count; the rest keep the numbers that the sender gave them.
    const items = (tree[name] ?? []) as readonly (WireTree | null)[];
    const values = items.map((item) => (item === null ? null : each(item, readZoned)));
    const at = transform === 'list' ? values.findIndex((value) => value instanceof BadValue) : -1;
    return at === -1 ? values.filter((value) => value !== null) : (values[at] as BadValue).within(`[${at + 1}]`);
  };
}

function compileReply(file: BindingFile, wrapper: Wrapper, shape: Shape, naming: Naming): (answer: Answer) => WireTree {
  return compileReplyShape(file, wrapper.type, shape, naming);
}

function compileReplyShape(
  file: BindingFile,
  type: ComplexType,
  shape: Shape,
  naming: Naming,
): (answer: Answer) => WireTree {
  const missing = type.fields.find((field) => !field.optional && !field.nillable && !Object.hasOwn(shape, field.name));
  if (missing !== undefined) throw new Error(`binding.json: ${type.name}: element ${missing.name} has no rule`);
  const elements = Object.entries(shape).map(([element, rule]) => ({
    element,
    write: compileWrite(file, findField(type, element), rule, naming),
  }));
  return (answer) => {
    const tree: Record<string, WireValue> = {};
    for (const { element, write } of elements) tree[element] = write(answer);
    return tree;
  };
}

function compileWrite(file: BindingFile, field: Field, [from, transform, inner]: Rule, naming: Naming): WriteValue {
  if (transform === 'shape' || transform === 'list') {
    const write = compileReplyShape(file, complexOf(field), findShape(file.replies, inner ?? ''), naming);
    if (transform === 'shape') return (answer) => write(from === '' ? answer : (answer[from] as Answer));
    return (answer) => (answer[from] as readonly Answer[]).map(write);
  }
  const convert = Object.hasOwn(writeTransforms, transform) ? writeTransforms[transform] : undefined;
  if (convert === undefined) throw new Error(`binding.json: ${field.name}: there is no transform ${transform}`);
  return (answer) => {
    const value = answer[from];
    return value === null || value === undefined ? null : convert(value, answer, naming);
  };
}
