// The answer of a command: one JSON document where a machine asks for it, lines for a person else. Every command answers
// here, so that nothing but the document gets to standard output under --json.
import type { CommandIo } from './command-io.ts';

export interface Answer {
  readonly json: unknown;
  readonly lines: string | readonly string[];
}

interface JsonFlag {
  readonly json: boolean;
}

/** @returns the exit code: done. */
export function answer(io: CommandIo, flags: JsonFlag, { json, lines }: Answer): 0 {
  if (flags.json) io.out(JSON.stringify(json, null, 2));
  else say(io, flags, lines);
  return 0;
}

/** Part of the answer as soon as it is known, to a person: the JSON document comes at the end, with the failure too. */
export function say(io: CommandIo, { json }: JsonFlag, lines: string | readonly string[]): void {
  if (json) return;
  for (const line of typeof lines === 'string' ? [lines] : lines) io.out(line);
}
