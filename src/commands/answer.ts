// The answer of a command that is done: one JSON document where a machine asks for it, lines for a person else. Every
// command answers here, so that nothing but the document gets to standard output under --json.
import type { CommandIo } from './command-io.ts';

export interface Answer {
  readonly json: unknown;
  readonly lines: string | readonly string[];
}

/** @returns the exit code: done. */
export function answer(io: CommandIo, { json: isJson }: { readonly json: boolean }, { json, lines }: Answer): 0 {
  if (isJson) io.out(JSON.stringify(json, null, 2));
  else for (const line of typeof lines === 'string' ? [lines] : lines) io.out(line);
  return 0;
}
