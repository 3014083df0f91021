// A command line for tests: a data folder of its own, what goes in, and every line that comes out.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../src/cli.ts';
import type { CommandIo } from '../../src/commands/command-io.ts';
import { Infobase } from '../../src/operations/infobase.ts';

export interface Ran {
  readonly code: number;
  readonly out: readonly string[];
  readonly err: readonly string[];
}

export interface TestingLine {
  readonly dataDir: string;
  /** Runs `kkm` with these arguments. */
  run(...args: readonly string[]): Promise<Ran>;
  /** The same, with text on standard input. */
  runWith(stdin: string, ...args: readonly string[]): Promise<Ran>;
  /** The JSON document that the command writes. */
  runJson(...args: readonly string[]): Promise<unknown>;
  /** Another connection to the infobase, as its service has one. Closed with the rest. */
  open(name?: string): Promise<Infobase>;
  close(): Promise<void>;
}

export function openTestingLine(environment: Readonly<Record<string, string>> = {}): TestingLine {
  const dataDir = mkdtempSync(join(tmpdir(), 'kkm-commands-'));
  const opened: Infobase[] = [];
  const runWith = async (stdin: string, ...args: readonly string[]): Promise<Ran> => {
    const out: string[] = [];
    const err: string[] = [];
    const io: CommandIo = {
      out: (line) => void out.push(line),
      err: (line) => void err.push(line),
      readStdin: () => Promise.resolve(stdin),
      isTerminal: false,
      // No test asks a service that happens to run on this machine.
      environment: { DATA_DIR: dataDir, PORT: '0', ...environment },
    };
    return { code: await runCli([...args], io), out, err };
  };
  return {
    dataDir,
    run: (...args) => runWith('', ...args),
    runWith,
    runJson: async (...args) => {
      const { out, err } = await runWith('', ...args, '--json');
      if (out.length !== 1) throw new Error(`one document is expected: ${JSON.stringify({ out, err })}`);
      return JSON.parse(out[0] as string) as unknown;
    },
    open: async (name = 'trade') => {
      const file = join(dataDir, `${name}.sqlite`);
      const infobase = await Infobase.open({ name, file, hasSubscription: false });
      opened.push(infobase);
      return infobase;
    },
    close: async () => {
      for (const infobase of opened) await infobase.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

/** ["user", "add"], ["verify"], ["import"], ["import", "list"]: what help shows of each. */
export async function listCommands(line: Pick<TestingLine, 'run'>): Promise<string[][]> {
  const { out } = await line.run('--help');
  const words = out.filter((text) => text.startsWith('  ')).map((text) => text.trim().split(' ')[0] ?? '');
  const found: string[][] = [];
  for (const word of words) {
    const usages = (await line.run(word, '--help')).out.filter((text) => text.startsWith('kkm '));
    for (const usage of usages) {
      const [, , own = ''] = usage.split(' ');
      found.push(/^[a-z]+(-[a-z]+)*$/.test(own) ? [word, own] : [word]);
    }
  }
  return found;
}
