// What `kkm --help` and the help of each command say.
import { runCli } from '../../src/cli.ts';

/** The lines of a help. */
export async function readHelp(command: readonly string[] = []): Promise<string[]> {
  const lines: string[] = [];
  const io = {
    out: (line: string) => void lines.push(...line.split('\n')),
    err: () => undefined,
    readStdin: async () => '',
    isTerminal: false,
    environment: {},
  };
  expect([command, await runCli([...command, '--help'], io)]).toEqual([command, 0]);
  return lines;
}

/** "user add", "serve", as `kkm --help` has them. */
export async function listCommands(): Promise<string[]> {
  return (await readHelp()).flatMap((line) => {
    const [, name, about = ''] = /^ {2}(\w+) +(.*)$/.exec(line) ?? [];
    if (name === undefined) return [];
    const parts = /^([\w-]+(?:(?:\|| or )[\w-]+)+):/.exec(about)?.[1];
    return parts === undefined ? [name] : parts.split(/\|| or /).map((part) => `${name} ${part}`);
  });
}
