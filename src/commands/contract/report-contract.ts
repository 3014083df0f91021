// What a folder's binding makes of its WSDL, operation by operation: what a till is answered, every mistake, what is lost.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { listCalls, listChoosePlaces, type BindingFile, type OperationText } from '../../soap/binding/binding-file.ts';
import type { BoundElsewhere, BoundOperation } from '../../soap/binding/bound-operation.ts';
import { commandFields, isCommandName } from '../../soap/binding/command-fields.ts';
import { findDocuments } from '../../soap/binding/document-places.ts';
import { examineBinding, type ExaminedBinding, type ExaminedOperation } from '../../soap/binding/load-binding.ts';
import { listUnread, listUnwritten } from '../../soap/binding/unused-places.ts';
import type { ContractModel, Wrapper } from '../../soap/contract/model.ts';
import { listRefusedNils } from './list-refused-nils.ts';
import type { ComplexType } from '../../soap/contract/schema.ts';

/** `case` is the value of the chosen place. */
export interface CalledCommand {
  readonly command: string;
  readonly case?: string;
}

export interface OperationReport {
  readonly operation: string;
  /** none: neither binding.json nor a file of replies says what it is answered. */
  readonly answer: 'command' | 'choice' | 'fault' | 'file' | 'upstream' | 'none' | 'mistakes';
  readonly commands: readonly CalledCommand[];
  /** Of a choice, the place that chooses. */
  readonly choose?: string;
  /** The text of the fault, the file, or the address. */
  readonly detail?: string;
  readonly mistakes: readonly string[];
  /** Places of the request that no rule reads. */
  readonly unread: readonly string[];
  /** Places of the reply that no rule writes. */
  readonly unwritten: readonly string[];
  /** Places of the request that may come as nil, and whose rule refuses that. */
  readonly refusedNils: readonly string[];
}

export interface ContractReport {
  readonly operations: readonly OperationReport[];
  /** Of the file as a whole. */
  readonly mistakes: readonly string[];
  readonly uncalledCommands: readonly string[];
  /** Shapes, tables, documents and reply files that nothing uses. */
  readonly unusedParts: readonly string[];
}

/** @throws Error if binding.json is missing or not of its form. */
export function reportContract(folder: string, model: ContractModel): ContractReport {
  const examined = examineBinding(folder, model);
  const operations = examined.operations.map((one) => reportOperation(folder, examined, one));
  const called = new Set(operations.flatMap(({ commands }) => commands.map(({ command }) => command)));
  return {
    operations,
    mistakes: examined.mistakes,
    uncalledCommands: Object.keys(commandFields).filter((command) => !called.has(command)),
    unusedParts: [...listUnusedParts(examined.file), ...listStrayReplies(folder, model)],
  };
}

function reportOperation(folder: string, examined: ExaminedBinding, one: ExaminedOperation): OperationReport {
  const { file } = examined;
  const { name } = one.operation;
  const text = Object.hasOwn(file.operations, name) ? file.operations[name] : undefined;
  const described = describeBound(folder, name, one.bound);
  return {
    operation: name,
    ...described,
    ...(text !== undefined && 'choose' in text ? { choose: listChoosePlaces(text).join(', ') } : {}),
    commands: text === undefined ? [] : listCalled(text),
    mistakes: one.mistakes,
    ...(text === undefined || 'answer' in text ? nothingLost : listLost(examined, one, text)),
  };
}

function describeBound(
  folder: string,
  name: string,
  bound: BoundOperation | undefined,
): Pick<OperationReport, 'answer' | 'detail'> {
  if (bound === undefined) return { answer: 'mistakes' };
  if (bound.does === 'command' || bound.does === 'choice') return { answer: bound.does };
  return describeElsewhere(folder, name, bound);
}

function describeElsewhere(
  folder: string,
  name: string,
  bound: BoundElsewhere,
): Pick<OperationReport, 'answer' | 'detail'> {
  switch (bound.does) {
    case 'fault':
      return { answer: bound.isNamed ? 'fault' : 'none', detail: bound.text };
    case 'file':
      return { answer: 'file', detail: join(folder, 'replies', `${name}.xml`) };
    case 'upstream':
      return { answer: 'upstream', detail: withoutUser(bound.url) };
  }
}

/** A report is pasted into letters: the password of another base stays out of it. */
function withoutUser(url: URL): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href;
}

function listCalled(text: OperationText): CalledCommand[] {
  return listCalls(text)
    .filter(([, { command }]) => isCommandName(command))
    .map(([value, { command }]) => ({ command, ...(value === undefined ? {} : { case: value }) }));
}

type Lost = Pick<OperationReport, 'unread' | 'unwritten' | 'refusedNils'>;

const nothingLost: Lost = { unread: [], unwritten: [], refusedNils: [] };

function listLost(
  examined: ExaminedBinding,
  { operation }: ExaminedOperation,
  text: Exclude<OperationText, { answer: string }>,
): Lost {
  const { file } = examined;
  const calls = listCalls(text);
  const choose = 'choose' in text ? listChoosePlaces(text) : [];
  const request = openDocuments(examined, operation.request, text.requestDocuments);
  try {
    const own = calls.map(([, call]) => call);
    const unwritten = calls.flatMap(([value, call]) => {
      const reply = openDocuments(examined, operation.response, call.replyDocuments);
      const places = listUnwritten(reply, file, call);
      return value === undefined ? places : places.map((place) => `${place} (case "${value}")`);
    });
    const refusedNils = [...new Set(own.flatMap((call) => listRefusedNils(request, file, call)))];
    return { unread: listUnread(request, file, own, choose), unwritten, refusedNils };
  } catch {
    // A rule of wrong form is among the operation's mistakes already.
    return nothingLost;
  }
}

function openDocuments(
  { documents }: ExaminedBinding,
  { type }: Wrapper,
  places: Readonly<Record<string, string>> | undefined,
): ComplexType {
  const named = Object.entries(places ?? {}).flatMap(([place, name]) => {
    const document = documents.get(name);
    return document === undefined ? [] : [[place, document] as const];
  });
  try {
    return findDocuments(type, new Map(named)).type;
  } catch {
    return type;
  }
}

/** A part is used where its name stands: as the option of a rule, or as a document of an operation. */
function listUnusedParts(file: BindingFile): string[] {
  const shapes = [...Object.values(file.requests), ...Object.values(file.replies)].flatMap((shape) =>
    Object.values(shape),
  );
  const calls = Object.values(file.operations).flatMap((text) => [text, ...listCalls(text).map(([, call]) => call)]);
  const named = new Set<unknown>();
  const name = (option: unknown): void => {
    if (typeof option === 'string') named.add(option);
    else if (option !== undefined) for (const value of Object.values(option as object)) named.add(value);
  };
  for (const rule of shapes) name(rule[2]);
  for (const call of calls) {
    if ('request' in call && call.request !== undefined) name(call.request[2]);
    if ('reply' in call) for (const rule of Object.values(call.reply)) name(rule[2]);
    if ('requestDocuments' in call) name(call.requestDocuments);
    if ('replyDocuments' in call) name(call.replyDocuments);
  }
  const parts = (['requests', 'replies', 'tables', 'documents'] as const).flatMap((key) =>
    Object.keys(file[key]).map((part) => [key, part] as const),
  );
  return parts.filter(([, part]) => !named.has(part)).map(([key, part]) => `binding.json: ${key}.${part}`);
}

function listStrayReplies(folder: string, { operations }: ContractModel): string[] {
  const replies = join(folder, 'replies');
  if (!existsSync(replies)) return [];
  const known = new Set(operations.map(({ name }) => `${name}.xml`));
  return readdirSync(replies)
    .filter((file) => file.endsWith('.xml') && !known.has(file))
    .toSorted()
    .map((file) => `replies/${file}: there is no operation of this name`);
}
