// What a command is lent by the command line, and how every command ends: its help, its exit code, and what it says of a
// failure. Exit code 0: done, 1: failed, 2: the command line (or a KKM_ variable) is wrong.
import { ConfigMistakes } from '../config.ts';
import { readCommandLine } from './read-command-line.ts';
import { suggest } from './suggest.ts';

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
export class UsageMistake extends Error {
  /** The flag or value that is wrong, as help names it: "--kind", "NUMBER". */
  readonly field: string | undefined;

  constructor(message: string, field?: string) {
    super(message);
    this.field = field;
  }
}

/** A flag or a value that cannot be read: "--limit: expected a whole number, got "many"". */
export function expected(field: string, what: string, got: string): UsageMistake {
  return new UsageMistake(`${field}: expected ${what}, got "${got}"`, field);
}

/**
 * Why a command failed, for a machine. usage, settings: exit code 2. not_found: what was named is not there. held: another
 * process is at this work. mistakes: a file has bad rows, listed in `mistakes`. differs: a check has found something.
 * stopped: the operator ended it. refused: any other reason that an operator can mend. defect: a fault of the program or
 * of the machine.
 */
export const failureCodes = [
  'usage',
  'settings',
  'not_found',
  'held',
  'mistakes',
  'differs',
  'stopped',
  'refused',
  'defect',
] as const;
export type FailureCode = (typeof failureCodes)[number];

export interface FailureTerms {
  /** Default: refused. */
  readonly code?: FailureCode;
  /** The flag or value at fault, as help names it. */
  readonly field?: string | undefined;
  /** What a machine is given beside the message. */
  readonly details?: object;
  readonly cause?: unknown;
}

/** The work cannot be done, for a reason that the operator can mend: exit code 1. The message is the line shown. */
export class CommandFailed extends Error {
  readonly terms: FailureTerms;

  constructor(message: string, terms: FailureTerms = {}) {
    super(message, terms.cause === undefined ? undefined : { cause: terms.cause });
    this.terms = terms;
  }
}

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
  /** What comes after the command's name in help. */
  readonly usage: string;
  readonly about: string;
  /** Lines of help below the flags. */
  readonly notes?: readonly string[];
  /**
   * The values taken that are not flags, in order; one in brackets may be left out, and the last is taken any number of
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
  'dry-run': { about: 'show what would be done; nothing is written' },
} as const satisfies Flags;

export function defineCommand<const F extends Flags>(form: CommandForm<F>): Command {
  const { usage, about, notes = [], flags, takes = [] } = form;
  const run = async (args: string[], io: CommandIo): Promise<number> => {
    const read = readCommandLine(args, flags, takes);
    if (!read.ok) throw new UsageMistake(read.slip.why, read.slip.field);
    return form.run(read.line, io);
  };
  return { usage, about, notes, flags, run };
}

export type Commands = Readonly<Record<string, Command>>;

/**
 * Runs the command that the first argument names; `name` is what comes before it: "kkm user".
 * @param own what is run where it names none of them.
 */
export async function runGroup(
  name: string,
  commands: Commands,
  args: string[],
  io: CommandIo,
  own?: Command,
): Promise<number> {
  const [word = '', ...rest] = args;
  const command = Object.hasOwn(commands, word) ? commands[word] : undefined;
  if (command !== undefined) return runCommand(`${name} ${word}`, command, rest, io);
  const asked = word === 'help' ? rest[0] : undefined;
  if (asked !== undefined && Object.hasOwn(commands, asked)) return runGroup(name, commands, [asked, '--help'], io);
  if (word === 'help' || asksHelp(args)) {
    if (own !== undefined) writeHelp(name, own, (line) => io.out(line));
    for (const [sub, one] of Object.entries(commands)) writeHelp(`${name} ${sub}`, one, (line) => io.out(line));
    return 0;
  }
  if (own !== undefined) return runCommand(name, own, args, io);
  const isMissing = word === '' || word.startsWith('-');
  const near = suggest(word, Object.keys(commands));
  const message = isMissing ? 'a subcommand is missing' : `there is no "${word}"${near}`;
  reportFailure(io, name, args, { code: 'usage', message });
  for (const [sub, { usage }] of Object.entries(commands)) io.err(`  ${joinWords(name, sub, usage)}`);
  return 2;
}

/** Runs one command: its exit code, with what the operator can mend said in one line. */
export async function runCommand(name: string, command: Command, args: string[], io: CommandIo): Promise<number> {
  if (asksHelp(args)) {
    writeHelp(name, command, (line) => io.out(line));
    return 0;
  }
  try {
    return await command.run(args, io);
  } catch (reason) {
    const failure = describeFailure(reason);
    if (failure === undefined) throw reason;
    reportFailure(io, name, args, failure);
    if (reason instanceof UsageMistake) io.err(`  ${joinWords(name, command.usage)} (more: ${name} --help)`);
    return failure.code === 'usage' || failure.code === 'settings' ? 2 : 1;
  }
}

export function asksHelp(args: readonly string[]): boolean {
  return listFlags(args).some((arg) => arg === '--help' || arg === '-h');
}

/** What comes after "--" is a value, not a flag. */
function listFlags(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? args.length : end);
}

interface Failure extends FailureTerms {
  readonly message: string;
}

/** Undefined where it is a defect or a failing machine, which the command line itself reports. */
function describeFailure(reason: unknown): Failure | undefined {
  if (reason instanceof UsageMistake) return { code: 'usage', field: reason.field, message: reason.message };
  if (reason instanceof CommandFailed) return { ...reason.terms, message: reason.message };
  if (!(reason instanceof ConfigMistakes)) return undefined;
  return { code: 'settings', message: reason.message, details: { mistakes: reason.mistakes } };
}

/** A line for a person; with --json among the arguments, the one shape of every failure for a machine as well. */
export function reportFailure(io: CommandIo, name: string, args: readonly string[], failure: Failure): void {
  const { code = 'refused', field, message, details } = failure;
  io.err(`${name}: ${message}`);
  if (!listFlags(args).includes('--json')) return;
  io.out(JSON.stringify({ ok: false, code, ...(field === undefined ? {} : { field }), message, ...details }, null, 2));
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
