// binding.json compiled: wire trees become commands and answers become wire trees. The names of the wire are only in that
// file, so a base whose real WSDL is known needs a folder with its files and no line of code.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContractModel, Operation } from '../contract/model.ts';
import type { WireTree } from '../contract/wire-tree.ts';
import {
  listChoosePlaces,
  parseBindingFile,
  type BindingFile,
  type CallText,
  type ChoiceText,
  type UncalledText,
} from './binding-file.ts';
import type { Binding, BoundChoice, BoundCommand, BoundElsewhere, BoundOperation } from './bound-operation.ts';
import {
  commandFields,
  isCommandName,
  isNested,
  splitKind,
  type CommandFields,
  type FieldKind,
  type Fields,
} from './command-fields.ts';
import { findDocuments, WrongDocument, type Documents, type NamedDocument } from './document-places.ts';
import { readDocumentTemplate } from './document-template.ts';
import { loadFileReply } from './file-reply.ts';
import { at, BindingMistakes, gather, listMistakes } from './mistakes.ts';
import { findPlace } from './place.ts';
import { compileRequestShape, type ToCommand } from './read-request.ts';
import { findShape, readRule, readsNothing, type Rule } from './rule.ts';
import { compileReplyShape, sentPrefix } from './write-reply.ts';
import { describeAnswer, type Answer, type Naming } from './write-transforms.ts';
import { resultCodes, type ResultCode } from '../../ledger/result.ts';

interface Loading {
  readonly folder: string;
  readonly file: BindingFile;
  readonly documents: ReadonlyMap<string, NamedDocument>;
}

/** One operation of the WSDL with what binding.json makes of it: what it does, or every mistake that keeps it from it. */
export interface ExaminedOperation {
  readonly operation: Operation;
  readonly bound: BoundOperation | undefined;
  readonly mistakes: readonly string[];
}

export interface ExaminedBinding {
  readonly file: BindingFile;
  readonly documents: ReadonlyMap<string, NamedDocument>;
  /** In the order of the WSDL. */
  readonly operations: readonly ExaminedOperation[];
  /** Of the file as a whole. */
  readonly mistakes: readonly string[];
}

/**
 * @param folder the contract's folder, with binding.json.
 * @throws BindingMistakes naming every operation, element or transform that does not fit the WSDL.
 */
export function loadBinding(folder: string, model: ContractModel): Binding {
  const { operations, mistakes } = examineBinding(folder, model);
  const all = [...mistakes, ...operations.flatMap((examined) => examined.mistakes)];
  if (all.length > 0) throw new BindingMistakes(all);
  return new Map(operations.map(({ operation, bound }) => [operation.name, bound!]));
}

/**
 * The binding operation by operation, the wrong ones among them.
 * @throws Error if binding.json is missing or not of its form.
 */
export function examineBinding(folder: string, model: ContractModel): ExaminedBinding {
  return examineBindingFile(folder, parseBindingFile(readFileSync(join(folder, 'binding.json'), 'utf8')), model);
}

/** @param folder where the documents and the files of replies are. */
export function examineBindingFile(folder: string, file: BindingFile, model: ContractModel): ExaminedBinding {
  const strangers = Object.keys(file.operations)
    .filter((name) => !model.operations.some((own) => own.name === name))
    .map((name) => `binding.json: operation ${name} is not in the WSDL${hintOperation(name, model)}`);
  const documents = loadDocuments(folder, file);
  const loading = { folder, file, documents: documents.loaded };
  const operations = model.operations.map((operation): ExaminedOperation => {
    try {
      const bind = () => at(operation.name, () => bindOperation(loading, operation));
      return { operation, bound: at('binding.json', bind), mistakes: [] };
    } catch (reason) {
      return { operation, bound: undefined, mistakes: listMistakes(reason) };
    }
  });
  return { file, documents: documents.loaded, operations, mistakes: [...strangers, ...documents.mistakes] };
}

function hintOperation(name: string, { operations }: ContractModel): string {
  const own = operations.find((operation) => operation.name.toLowerCase() === name.toLowerCase());
  return own === undefined ? '' : `: expected ${own.name}`;
}

function loadDocuments(
  folder: string,
  { documents }: BindingFile,
): { readonly loaded: ReadonlyMap<string, NamedDocument>; readonly mistakes: readonly string[] } {
  const loaded = new Map<string, NamedDocument>();
  const mistakes: string[] = [];
  for (const [name, { example, lists, as }] of Object.entries(documents)) {
    const load = () => readDocumentTemplate(readFileSync(join(folder, example), 'utf8'), lists);
    try {
      loaded.set(name, { template: at(`binding.json: documents.${name}: ${example}`, load), as });
    } catch (reason) {
      mistakes.push(...listMistakes(reason));
    }
  }
  return { loaded, mistakes };
}

function bindOperation(loading: Loading, operation: Operation): BoundOperation {
  const { operations } = loading.file;
  const text = Object.hasOwn(operations, operation.name) ? operations[operation.name] : undefined;
  if (text === undefined) return bindElsewhere(loading, operation, undefined);
  if ('command' in text) return bindCall(loading, operation, text, text.requestDocuments);
  if ('choose' in text) return bindChoice(loading, operation, text);
  return bindElsewhere(loading, operation, text);
}

/** Without a word in binding.json a file of replies answers, if there is one, and else a fault. */
function bindElsewhere(loading: Loading, operation: Operation, text: UncalledText | undefined): BoundElsewhere {
  const replyFile = join(loading.folder, 'replies', `${operation.name}.xml`);
  const answer = text?.answer ?? (existsSync(replyFile) ? 'file' : 'fault');
  switch (answer) {
    case 'file':
      return { does: 'file', makeReply: loadFileReply(replyFile, operation) };
    case 'upstream': {
      const { upstream } = loading.file;
      if (upstream === undefined) throw new Error('its answer is "upstream", but the file has no upstream.url');
      return { does: 'upstream', url: new URL(upstream.url), timeoutMs: upstream.timeoutMs };
    }
    case 'fault': {
      const usual = `Операция ${operation.name} не поддерживается: обратитесь к администратору.`;
      return { does: 'fault', text: text?.text ?? usual, isNamed: text !== undefined };
    }
  }
}

function bindChoice(loading: Loading, operation: Operation, text: ChoiceText): BoundChoice {
  const documents = findOperationDocuments(loading, operation, text.requestDocuments, 'request');
  const places = at('choose', () => listChoosePlaces(text).map((path) => findPlace(documents.type, path)));
  const bindCase = (name: string, call: CallText | UncalledText) =>
    at(name, () => {
      if (!('command' in call)) return bindElsewhere(loading, operation, call);
      if (call.requestDocuments !== undefined) throw new Error('requestDocuments stand beside "choose", not in a case');
      return bindCall(loading, operation, call, text.requestDocuments);
    });
  const cases = new Map(
    gather(
      Object.entries(text.cases).map(
        ([value, call]) =>
          () =>
            [value, bindCase(`case "${value}"`, call)] as const,
      ),
    ),
  );
  const otherwise = text.otherwise && bindCase('otherwise', text.otherwise);
  const first = [...cases.values()].find((bound) => bound.does === 'command') ?? otherwise;
  if (first === undefined) throw new Error('it has no cases that call a command');
  const rest = otherwise ?? (first.does === 'command' ? refuseCase(first, text) : first);
  const choose = (tree: WireTree): BoundCommand | BoundElsewhere => {
    let values;
    try {
      const opened = documents.open(tree);
      values = places.map((place) => (place.read(opened) ?? '') as string);
    } catch (reason) {
      // The case itself says what is wrong with the document.
      if (reason instanceof WrongDocument) return first;
      throw reason;
    }
    return cases.get(values.join('/')) ?? rest;
  };
  return { does: 'choice', choose, cases: [...cases.values(), ...(otherwise === undefined ? [] : [otherwise])] };
}

/** A value without a case is a wrong value of the request: the first case says so in its own form. */
function refuseCase(first: BoundCommand, text: ChoiceText): BoundCommand {
  const expected = `одно из значений: ${Object.keys(text.cases).join(', ')}`;
  const trouble = { field: listChoosePlaces(text).join(', '), expected };
  return { ...first, toCommand: () => ({ ok: false, trouble, partial: {} }) };
}

function findOperationDocuments(
  { documents }: Loading,
  operation: Operation,
  places: Readonly<Record<string, string>> | undefined,
  side: 'request' | 'reply',
): Documents {
  const named = Object.entries(places ?? {}).map(([place, name]) => {
    const document = documents.get(name);
    if (document === undefined) throw new Error(`${side}Documents: there is no document ${name}`);
    return [place, document] as const;
  });
  const wrapper = side === 'request' ? operation.request : operation.response;
  return at(`${side}Documents`, () => findDocuments(wrapper.type, new Map(named)));
}

function bindCall(
  loading: Loading,
  operation: Operation,
  text: CallText,
  requestDocuments: Readonly<Record<string, string>> | undefined,
): BoundCommand {
  const { file } = loading;
  if (!isCommandName(text.command)) {
    throw new Error(`there is no command ${text.command}: expected ${Object.keys(commandFields).join(', ')}`);
  }
  const fields: CommandFields = commandFields[text.command];
  const rule = text.request === undefined ? undefined : readRule(text.request);
  const naming = collectNames(file, rule?.options.shape);
  const itemNaming = findItemNames(naming, fields);
  const request = findOperationDocuments(loading, operation, requestDocuments, 'request');
  const reply = findOperationDocuments(loading, operation, text.replyDocuments, 'reply');
  const hasDocuments = requestDocuments !== undefined;
  const context = { file, naming, itemNaming };
  const answers = { ...fields.answers, ...listSent(fields) };
  const [toCommand, write] = gather<ToCommand | BoundCommand['toReply']>([
    () => at('request', () => bindRequest(file, request, rule, fields)),
    // The wrapper itself is never left out.
    () => at('reply', () => compileReplyShape(context, reply.type, text.reply, answers) as BoundCommand['toReply']),
  ]) as [ToCommand, BoundCommand['toReply']];
  const toFault = compileFault(text.faults, naming);
  return {
    does: 'command',
    command: text.command,
    toCommand: hasDocuments ? openDocuments(request, toCommand) : toCommand,
    toReply: text.replyDocuments === undefined ? write : (answer) => reply.close(write(answer)),
    ...(toFault === undefined ? {} : { toFault }),
    usesSent: usesSent(file, text),
    naming,
    itemNaming,
    source: { request: rule, file, hasDocuments },
  };
}

/** What the command was sent, for replies that say it again: of a request that could not be read it may be missing. */
function listSent({ takes }: CommandFields): Fields {
  const sent: Record<string, FieldKind> = {};
  for (const [name, kind] of Object.entries(takes)) {
    if (!isNested(kind)) sent[sentPrefix + name] = `${splitKind(kind).kind}?`;
  }
  return sent;
}

function usesSent({ replies }: BindingFile, { reply }: CallText): boolean {
  const rules = [reply, ...Object.values(replies)].flatMap((shape) => Object.values(shape));
  return rules.some(([from]) => typeof from === 'string' && from.startsWith(sentPrefix));
}

function bindRequest(file: BindingFile, { type }: Documents, rule: Rule | undefined, fields: CommandFields): ToCommand {
  if (rule === undefined) return compileRequestShape(file, type, {}, fields.takes);
  if (rule.transform !== 'shape') throw new Error(`expected transform shape, got ${rule.transform}`);
  const place = findPlace(type, rule.from[0]);
  if (!('fields' in place.type) || place.isList) throw new Error(`${place.path} is not a structure`);
  const read = compileRequestShape(file, place.type, findShape(file.requests, rule.options.shape), fields.takes);
  if (place.path === '') return read;
  return (tree, context) => read((place.read(tree) ?? {}) as WireTree, context);
}

function openDocuments(documents: Documents, read: ToCommand): ToCommand {
  return (tree, context) => {
    try {
      return read(documents.open(tree), context);
    } catch (reason) {
      if (!(reason instanceof WrongDocument)) throw reason;
      return { ok: false, trouble: { field: reason.place, expected: reason.message }, partial: {} };
    }
  };
}

/** The wire's names of the fields of a command, for answers about them. */
function collectNames(file: BindingFile, shapeName: string | undefined): Naming {
  if (shapeName === undefined) return new Map();
  const rules = Object.entries(findShape(file.requests, shapeName)).map(
    ([field, text]) => [field, readRule(text)] as const,
  );
  return new Map(
    rules
      .filter(([, rule]) => !readsNothing(rule))
      .map(([field, { from, options }]) => {
        const inside = options.shape === undefined ? {} : { inside: collectNames(file, options.shape) };
        return [field, { place: from[0], ...inside }];
      }),
  );
}

/** Items of a list that is checked item by item have answers of their own, with paths that begin at the item. */
function findItemNames(naming: Naming, { takes }: CommandFields): Naming {
  const list = Object.entries(takes).find(([, kind]) => isNested(kind) && kind.nested === 'checkedList');
  return (list && naming.get(list[0])?.inside) ?? naming;
}

function compileFault(faults: CallText['faults'], naming: Naming): BoundCommand['toFault'] {
  if (faults === undefined) return undefined;
  const isFault =
    faults === 'refusals'
      ? (code: number) => code !== resultCodes.done && code !== resultCodes.beforeBilling
      : (code: number) => faults.includes(code);
  return (answer: Answer) => {
    const code = answer.code as ResultCode;
    return isFault(code) ? describeAnswer(code, answer, naming) : undefined;
  };
}
