// What a command is lent by the command line, and the table of its flags: reading them, refusing the rest, telling usage.
import { parseArgs } from 'node:util';
import { ConfigMistakes } from '../config.ts';

export interface CommandIo {
  /** A line of the result, to standard output. */
  out(line: string): void;
  /** A line about the work, to standard error. */
  err(line: string): void;
  /** Standard input to its end, as UTF-8. */
  readStdin(): Promise<string>;
  /** Asks the person at the terminal and gives the line typed; only where one is there. */
  ask?(question: string): Promise<string>;
  /** Whether a person looks at standard error. */
  readonly isTerminal: boolean;
  /** The KKM_... variables, without their prefix. */
  readonly environment: Record<string, string>;
  /** Writes over the line shown last; '' takes it away. Only where `isTerminal`. */
  showProgress?(text: string): void;
}

/** The command line is wrong: exit code 2. */
export class UsageMistake extends Error {}

/** The work cannot be done, for a reason that the operator can mend: exit code 1. The message is the line shown. */
export class CommandFailed extends Error {}

export interface Flag {
  /** What stands for its value in help; a flag without it takes none. */
  readonly takes?: string;
  readonly isRequired?: true;
  readonly isRepeated?: true;
  readonly about: string;
}

export type Flags = Readonly<Record<string, Flag>>;

type FlagValue<T extends Flag> = T extends { readonly takes: string }
  ? T extends { readonly isRepeated: true }
    ? readonly string[]
    : T extends { readonly isRequired: true }
      ? string
      : string | undefined
  : boolean;

export type Given<F extends Flags> = { readonly [K in keyof F]: FlagValue<F[K]> };

export interface CommandLine<F extends Flags> {
  readonly flags: Given<F>;
  readonly values: readonly string[];
}

export interface CommandForm<F extends Flags> {
  /** What stands behind the command's name in help. */
  readonly usage: string;
  readonly about: string;
  /** Lines of help below the flags. */
  readonly notes?: readonly string[];
  /**
   * The values taken that are no flags, in order; one in brackets may be left out, and the last is taken any number of
   * times where it ends with "...".
   */
  readonly takes?: readonly string[];
  readonly flags: F;
  readonly run: (line: CommandLine<F>, io: CommandIo) => Promise<number>;
}

/** A form with its flags' types closed over, so that forms of different flags stand in one table. */
export interface Command {
  readonly usage: string;
  readonly about: string;
  readonly notes: readonly string[];
  readonly flags: Flags;
  readonly run: (args: string[], io: CommandIo) => Promise<number>;
}

export const commonFlags = {
  infobase: { takes: 'NAME', about: 'infobase to work on (default: the first of KKM_INFOBASES)' },
  'data-dir': { takes: 'DIR', about: 'folder of the databases (default: KKM_DATA_DIR)' },
  json: { about: 'one JSON document instead of lines' },
} as const satisfies Flags;

export const dryRunFlag = {
  'dry-run': { about: 'check everything and tell what would be done; write nothing' },
} as const satisfies Flags;

export function defineCommand<const F extends Flags>(form: CommandForm<F>): Command {
  const { usage, about, notes = [], flags, takes = [] } = form;
  return { usage, about, notes, flags, run: (args, io) => form.run(readCommandLine(args, flags, takes), io) };
}

/** Runs the command that the first argument names; `name` is what stands before it: "kkm user". */
export async function runGroup(
  name: string,
  commands: Readonly<Record<string, Command>>,
  args: string[],
  io: CommandIo,
): Promise<number> {
  const [word = '', ...rest] = args;
  const asksHelp = word === '--help' || word === '-h' || word === 'help';
  if (asksHelp) {
    for (const [own, command] of Object.entries(commands)) writeHelp(`${name} ${own}`, command, (line) => io.out(line));
    return 0;
  }
  const command = Object.hasOwn(commands, word) ? commands[word] : undefined;
  if (command !== undefined) return runCommand(`${name} ${word}`, command, rest, io);
  io.err(word === '' ? `${name}: what to do is missing` : `${name}: there is no "${word}"`);
  for (const [own, { usage }] of Object.entries(commands)) io.err(`  ${joinWords(name, own, usage)}`);
  return 2;
}

/** Runs one command: its exit code, with what the operator can mend told in one line. */
export async function runCommand(name: string, command: Command, args: string[], io: CommandIo): Promise<number> {
  // What stands behind "--" is a value, not a flag.
  const end = args.indexOf('--');
  if (args.slice(0, end < 0 ? args.length : end).some((arg) => arg === '--help' || arg === '-h')) {
    writeHelp(name, command, (line) => io.out(line));
    return 0;
  }
  try {
    return await command.run(args, io);
  } catch (reason) {
    // Anything else is a defect or a failing machine: the command line itself tells it.
    const isUsage = reason instanceof UsageMistake || reason instanceof ConfigMistakes;
    if (!isUsage && !(reason instanceof CommandFailed)) throw reason;
    io.err(`${name}: ${reason.message}`);
    if (reason instanceof UsageMistake) io.err(`  ${joinWords(name, command.usage)} (--help tells more)`);
    return isUsage ? 2 : 1;
  }
}

function readCommandLine<F extends Flags>(args: string[], flags: F, takes: readonly string[]): CommandLine<F> {
  const { tokens } = parseArgs({ args, strict: false, tokens: true, options: toOptions(flags) });
  const given: Record<string, string | boolean | readonly string[] | undefined> = {};
  for (const [name, flag] of Object.entries(flags)) {
    given[name] = flag.isRepeated === true ? [] : flag.takes === undefined ? false : undefined;
  }
  const values: string[] = [];
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind === 'positional') values.push(token.value);
    if (token.kind !== 'option') continue;
    const flag = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined;
    if (flag === undefined) throw new UsageMistake(`there is no flag ${token.rawName}`);
    const value = readFlagValue(token.rawName, flag, token.value, token.inlineValue === true);
    if (flag.isRepeated === true) given[token.name] = [...(given[token.name] as string[]), value as string];
    else if (seen.has(token.name)) throw new UsageMistake(`${token.rawName} is given twice`);
    else given[token.name] = value;
    seen.add(token.name);
  }
  for (const [name, flag] of Object.entries(flags)) {
    if (flag.isRequired === true && !seen.has(name)) throw new UsageMistake(`--${name} ${flag.takes} is missing`);
  }
  checkValues(values, takes);
  return { flags: given as Given<F>, values };
}

function toOptions(flags: Flags): Record<string, { type: 'string' | 'boolean' }> {
  const entries = Object.entries(flags).map(
    ([name, { takes }]) => [name, { type: takes === undefined ? ('boolean' as const) : ('string' as const) }] as const,
  );
  return Object.fromEntries(entries);
}

function readFlagValue(rawName: string, flag: Flag, value: string | undefined, isInline: boolean): string | boolean {
  if (flag.takes === undefined) {
    if (value !== undefined) throw new UsageMistake(`${rawName} takes no value`);
    return true;
  }
  // "--kind --dry-run" is a value forgotten; one that does begin with a dash is given as --kind=-value.
  const isForgotten = value === undefined || (!isInline && /^-./.test(value));
  if (isForgotten) throw new UsageMistake(`${rawName} needs ${flag.takes} behind it`);
  return value;
}

function checkValues(values: readonly string[], takes: readonly string[]): void {
  const isOpen = takes.at(-1)?.endsWith('...') === true;
  const missing = takes[values.length];
  if (
    missing !== undefined &&
    !missing.startsWith('[') &&
    !(missing.endsWith('...') && values.length >= takes.length)
  ) {
    throw new UsageMistake(`${missing} is missing`);
  }
  const extra = values[takes.length];
  if (extra !== undefined && !isOpen) throw new UsageMistake(`"${extra}" is more than the command takes`);
}

function writeHelp(name: string, command: Command, write: (line: string) => void): void {
  write(joinWords(name, command.usage));
  write(`  ${command.about}`);
  const heads = Object.entries(command.flags).map(
    ([flag, { takes, about }]) => [takes === undefined ? `--${flag}` : `--${flag} ${takes}`, about] as const,
  );
  const width = Math.max(0, ...heads.map(([head]) => head.length));
  for (const [head, about] of heads) write(`  ${head.padEnd(width)}  ${about}`);
  for (const note of command.notes) write(`  ${note}`);
}

function joinWords(...words: readonly string[]): string {
  return words.filter((word) => word !== '').join(' ');
}
