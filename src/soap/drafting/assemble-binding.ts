// Drafted operations as a binding.json: shapes and tables that are alike are written once.
import type { BindingFile, CallText, RuleText, ShapeText } from '../binding/binding-file.ts';
import { isComplex, type ComplexType } from '../contract/schema.ts';
import type { DraftedCommand, DraftedDocument, DraftedOperation } from './draft-operation.ts';
import type { DraftedRule, DraftedShape } from './proposal.ts';

/** How clients write "no date": 1C's own empty date, the same through another calendar, and the zero of a clock. */
const emptyMoments = ['0001-01-01T00:00:00', '0001-01-03T00:00:00', '1970-01-01T00:00:00'];

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Parts of the file by name; one that is there already with the same content is used again. */
class Parts<T> {
  readonly byName: Record<string, T> = {};

  add(wanted: string, part: T): string {
    const text = JSON.stringify(part);
    for (const [name, known] of Object.entries(this.byName)) if (JSON.stringify(known) === text) return name;
    let name = wanted;
    for (let number = 2; Object.hasOwn(this.byName, name); number += 1) name = `${wanted}${number}`;
    this.byName[name] = part;
    return name;
  }
}

interface Assembly {
  readonly requests: Parts<ShapeText>;
  readonly replies: Parts<ShapeText>;
  readonly tables: Parts<Readonly<Record<string, string | number>>>;
  readonly documents: Map<string, DocumentText>;
}

type DocumentText = BindingFile['documents'][string];

export interface Assembled {
  /** As it is written: only the parts that there are. */
  readonly file: Partial<BindingFile>;
  /** The same with every part, for loading. */
  readonly whole: BindingFile;
}

export function assembleBinding(drafted: readonly DraftedOperation[]): Assembled {
  const assembly: Assembly = {
    requests: new Parts(),
    replies: new Parts(),
    tables: new Parts(),
    documents: new Map(),
  };
  const operations: Record<string, CallText> = {};
  for (const { operation, drafted: command } of drafted) {
    if (command !== undefined) operations[operation.name] = assembleCall(assembly, command);
  }
  const about = 'A draft: look at every line that its report marks, and correct it.';
  const { tables, requests, replies } = assembly;
  const documents = Object.fromEntries(assembly.documents);
  const parts = { tables: tables.byName, documents, requests: requests.byName, replies: replies.byName };
  const whole: BindingFile = { about, emptyMoments, ...parts, operations };
  const file: Mutable<Partial<BindingFile>> = { about, emptyMoments };
  for (const key of ['tables', 'documents', 'requests', 'replies'] as const) {
    if (Object.keys(parts[key]).length > 0) Object.assign(file, { [key]: parts[key] });
  }
  return { file: { ...file, operations }, whole };
}

function assembleCall(assembly: Assembly, drafted: DraftedCommand): CallText {
  const { command, root, request, requestDocument, replyDocument, refusalsAreFaults } = drafted;
  const hasRequest = request.shape.rules.length > 0;
  const shape = hasRequest ? addShape(assembly, 'requests', request.shape) : '';
  const requestDocuments = addDocument(assembly, requestDocument);
  const replyDocuments = addDocument(assembly, replyDocument);
  return {
    command,
    evidence: 'assumed',
    ...(hasRequest ? { request: [root, 'shape', shape] } : {}),
    ...(requestDocuments === undefined ? {} : { requestDocuments }),
    reply: assembleReply(assembly, drafted.reply.shape.rules, drafted.replyType, ''),
    ...(replyDocuments === undefined ? {} : { replyDocuments }),
    ...(refusalsAreFaults ? { faults: 'refusals' } : {}),
  };
}

function addDocument({ documents }: Assembly, document: DraftedDocument | undefined): CallText['requestDocuments'] {
  if (document === undefined) return undefined;
  const { place, example, lists } = document;
  const known = documents.get(example.name)?.lists ?? [];
  const all = [...new Set([...known, ...lists])];
  documents.set(example.name, { example: example.example, lists: all, as: 'escaped' });
  return { [place]: example.name };
}

/** What stands in a structure of the reply is a shape of its own, named after its type. */
function assembleReply(
  assembly: Assembly,
  rules: readonly DraftedRule[],
  type: ComplexType,
  prefix: string,
): Record<string, RuleText> {
  const reply: Record<string, RuleText> = {};
  for (const field of type.fields) {
    const own = rules.filter(({ key }) => key === field.name);
    const inside = rules.filter(({ key }) => key.startsWith(`${field.name}/`));
    if (own.length > 0) reply[prefix + field.name] = writeRule(assembly, 'replies', own[0]!);
    else if (inside.length > 0 && isComplex(field.type)) {
      Object.assign(reply, assembleInside(assembly, inside, field.name, field.type, prefix));
    }
  }
  return reply;
}

function assembleInside(
  assembly: Assembly,
  rules: readonly DraftedRule[],
  name: string,
  type: ComplexType,
  prefix: string,
): Record<string, RuleText> {
  const shortened = rules.map((rule) => ({ ...rule, key: rule.key.slice(name.length + 1) }));
  const path = prefix + name;
  // A structure that holds one other, or one list, only leads to it.
  if (type.fields.length === 1 && type.attributes.length === 0)
    return assembleReply(assembly, shortened, type, `${path}/`);
  return { [path]: ['', 'shape', addShape(assembly, 'replies', { name: type.name, rules: shortened })] };
}

function addShape(assembly: Assembly, side: 'requests' | 'replies', { name, rules }: DraftedShape): string {
  const shape = Object.fromEntries(rules.map((rule) => [rule.key, writeRule(assembly, side, rule)]));
  return assembly[side].add(name.charAt(0).toLowerCase() + name.slice(1), shape);
}

function writeRule(assembly: Assembly, side: 'requests' | 'replies', rule: DraftedRule): RuleText {
  const { transform, inside, table, options = {} } = rule;
  const from = typeof rule.from === 'string' ? rule.from : ([rule.from[0], rule.from[1]] as [string, string]);
  if (inside !== undefined) return [from, transform, addShape(assembly, side, inside)];
  const named = table === undefined ? {} : { table: assembly.tables.add(nameTable(rule, side), table) };
  const all = { ...named, ...options };
  const [first] = Object.keys(all);
  if (first === undefined) return [from, transform];
  return 'table' in named && Object.keys(all).length === 1 ? [from, transform, named.table] : [from, transform, all];
}

function nameTable({ key, from }: DraftedRule, side: 'requests' | 'replies'): string {
  if (side === 'requests') return key === 'kind' ? 'receiptKinds' : `${key}s`;
  return from === 'code' ? 'resultCodes' : `${String(from)}Words`;
}
