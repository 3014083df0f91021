// A command line by the table of its command's flags: what is not in the table, is missing, or lacks its value is a
// mistake of usage, whatever the command.
import { parseArgs } from 'node:util';
import type { CommandLine, Flag, Flags, Given } from './command-io.ts';
import { suggest } from './suggest.ts';

/** What is wrong with a command line, and with which flag or value of it. */
export interface Slip {
  readonly why: string;
  readonly field: string;
}

export type ReadLine<F extends Flags> =
  { readonly ok: true; readonly line: CommandLine<F> } | { readonly ok: false; readonly slip: Slip };

type FlagValue = string | boolean;
type Tokens = ReturnType<typeof tokenize>;
type OptionToken = Extract<Tokens[number], { kind: 'option' }>;

/**
 * @param takes the values that are not flags, in order; one in brackets may be left out, and the last is taken any number
 * of times where it ends with "...".
 */
export function readCommandLine<F extends Flags>(args: string[], flags: F, takes: readonly string[]): ReadLine<F> {
  const tokens = tokenize(args, flags);
  const values = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
  const found = new Map<string, FlagValue[]>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const flag = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined;
    const field = token.rawName;
    if (flag === undefined) {
      return refuse(field, `there is no flag ${field}${suggest(token.name, Object.keys(flags), toRawName)}`);
    }
    const slip = findValueSlip(token, flag);
    if (slip !== undefined) return refuse(field, slip);
    const earlier = found.get(token.name);
    if (earlier === undefined) found.set(token.name, [token.value ?? true]);
    else if (flag.isRepeated === true) earlier.push(token.value ?? true);
    else return refuse(field, `${field} is given twice`);
  }
  for (const [name, flag] of Object.entries(flags)) {
    const field = toRawName(name);
    if (flag.isRequired === true && !found.has(name)) return refuse(field, `${field} ${flag.takes} is missing`);
  }
  const slip = findValuesSlip(values, takes);
  if (slip !== undefined) return { ok: false, slip };
  const given = Object.entries(flags).map(([name, flag]) => [name, pickGiven(flag, found.get(name) ?? [])] as const);
  return { ok: true, line: { flags: Object.fromEntries(given) as Given<F>, values } };
}

const toRawName = (name: string): string => `--${name}`;

function tokenize(args: string[], flags: Flags) {
  const options = Object.entries(flags).map(
    ([name, { takes }]) => [name, { type: takes === undefined ? ('boolean' as const) : ('string' as const) }] as const,
  );
  return parseArgs({ args, strict: false, tokens: true, options: Object.fromEntries(options) }).tokens;
}

function pickGiven(flag: Flag, found: readonly FlagValue[]): readonly FlagValue[] | FlagValue | undefined {
  if (flag.isRepeated === true) return found;
  return found[0] ?? (flag.takes === undefined ? false : undefined);
}

function findValueSlip({ rawName, value, inlineValue }: OptionToken, { takes }: Flag): string | undefined {
  if (takes === undefined) return value === undefined ? undefined : `${rawName} takes no value`;
  // "--kind --dry-run" is a value forgotten; one that does begin with a dash is given as --kind=-value.
  const isForgotten = value === undefined || (!inlineValue && /^-./.test(value));
  return isForgotten ? `${rawName} needs ${takes} after it` : undefined;
}

function findValuesSlip(values: readonly string[], takes: readonly string[]): Slip | undefined {
  const missing = takes[values.length];
  if (missing !== undefined && !missing.startsWith('[')) return { field: missing, why: `${missing} is missing` };
  const extra = values[takes.length];
  const isOpen = takes.at(-1)?.endsWith('...') === true;
  if (extra === undefined || isOpen) return undefined;
  return { field: extra, why: `"${extra}" is one value too many` };
}

function refuse(field: string, why: string): { readonly ok: false; readonly slip: Slip } {
  return { ok: false, slip: { field, why } };
}
