// What the service does with a call of one operation of the WSDL, compiled from binding.json.
import type { WireTree } from '../contract/wire-tree.ts';
import type { BindingFile } from './binding-file.ts';
import type { CommandName } from './command-fields.ts';
import type { MakeFileReply } from './file-reply.ts';
import type { ToCommand } from './read-request.ts';
import type { Rule } from './rule.ts';
import { sentPrefix } from './write-reply.ts';
import type { Answer, Naming } from './write-transforms.ts';

export type BoundOperation = BoundCommand | BoundChoice | BoundElsewhere;

export interface BoundCommand {
  readonly does: 'command';
  readonly command: CommandName;
  readonly toCommand: ToCommand;
  readonly toReply: (answer: Answer) => WireTree;
  /** Whether the reply says again what was sent: then the answer needs it, see `addSent`. */
  readonly usesSent: boolean;
  /** The text of the fault with which this answer is given; undefined = it is given as a reply. */
  readonly toFault?: (answer: Answer) => string | undefined;
  /** The wire's names of the fields of the command. */
  readonly naming: Naming;
  /** The same for the items of its list that are answered one by one; of a command without such a list, `naming`. */
  readonly itemNaming: Naming;
  /** The same data uncompiled, for input that is not an envelope. */
  readonly source: BindingSource;
}

export interface BindingSource {
  readonly request: Rule | undefined;
  readonly file: BindingFile;
  /** Whether strings of the request hold documents. */
  readonly hasDocuments: boolean;
}

/** One operation of the WSDL for several commands: a value of the request chooses. */
export interface BoundChoice {
  readonly does: 'choice';
  readonly choose: (tree: WireTree) => BoundCommand | BoundElsewhere;
  readonly cases: readonly (BoundCommand | BoundElsewhere)[];
}

/** An operation that no command of the service answers. */
export type BoundElsewhere =
  | { readonly does: 'fault'; readonly text: string; readonly isNamed: boolean }
  | { readonly does: 'file'; readonly makeReply: MakeFileReply }
  | { readonly does: 'upstream'; readonly url: URL; readonly timeoutMs: number };

/** Operations of the WSDL by name. */
export type Binding = ReadonlyMap<string, BoundOperation>;

/** The commands that an operation may call. */
export function listCommands(bound: BoundOperation): readonly BoundCommand[] {
  switch (bound.does) {
    case 'command':
      return [bound];
    case 'choice':
      return bound.cases.filter((one) => one.does === 'command');
    case 'fault':
    case 'file':
    case 'upstream':
      return [];
  }
}

/** Operations that binding.json does not name and no file answers. */
export function listUnanswered(binding: Binding): readonly string[] {
  return [...binding].flatMap(([name, bound]) => (bound.does === 'fault' && !bound.isNamed ? [name] : []));
}

/** The answer, with what the command was sent beside it. */
export function addSent(answer: Answer, sent: Readonly<Record<string, unknown>>): Answer {
  const fields = Object.entries(sent).map(([name, value]) => [sentPrefix + name, value] as const);
  return { ...answer, ...Object.fromEntries(fields) };
}
