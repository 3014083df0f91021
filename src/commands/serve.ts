// `kkm serve` (npm start): the service, until it is told to stop. Flags win over the environment.
import { parseArgs } from 'node:util';
import { configTable, listUnknownNames, readConfig, type Config } from '../config.ts';
import { openLog } from '../log.ts';
import { serve as startService, type RunningService } from '../main.ts';
import type { CommandIo } from './command-io.ts';

const flagOf = (name: string): string => name.toLowerCase().replaceAll('_', '-');

export async function serve(args: string[], io: CommandIo): Promise<number> {
  let config: Config;
  let given: Record<string, string>;
  try {
    const flags = readFlags(args);
    if (flags === undefined) {
      writeUsage(io);
      return 0;
    }
    given = { ...io.environment, ...flags };
    config = readConfig(given);
  } catch (reason) {
    io.err(`kkm serve: ${(reason as Error).message}`);
    return 2;
  }
  const log = openLog({ level: config.logLevel, file: config.logFile });
  for (const name of listUnknownNames(given)) log.warn('unknown setting', { name: `KKM_${name}` });
  let service: RunningService;
  try {
    service = await startService({ config, log, tell: (line) => io.out(line) });
  } catch (reason) {
    io.err(`kkm serve: cannot start: ${explainStart(config, reason)}`);
    return 1;
  }
  await waitForSignal();
  await service.stop();
  return 0;
}

/** Flags by their environment names; undefined where help is asked for. */
function readFlags(args: string[]): Record<string, string> | undefined {
  const names = new Map(Object.keys(configTable).map((name) => [flagOf(name), name]));
  const options = Object.fromEntries([...names.keys()].map((flag) => [flag, { type: 'string' as const }]));
  const { values } = parseArgs({ args, options: { ...options, help: { type: 'boolean' } }, allowPositionals: false });
  if (values.help === true) return undefined;
  const flags: Record<string, string> = {};
  for (const [flag, value] of Object.entries(values)) {
    const name = names.get(flag);
    if (name !== undefined && typeof value === 'string') flags[name] = value;
  }
  return flags;
}

function writeUsage(io: CommandIo): void {
  io.out('kkm serve [flags]: serves the infobases until SIGTERM or SIGINT. Each flag is also a KKM_... variable.');
  for (const [name, { fallback, about }] of Object.entries(configTable)) {
    io.out(`  --${flagOf(name).padEnd(16)} ${about}${fallback === undefined ? '' : ` (default ${fallback})`}`);
  }
}

function explainStart(config: Config, reason: unknown): string {
  const { code, message } = reason as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return `${config.host}:${config.port} is in use; give another --port`;
  if (code === 'EACCES') return `no right to listen on ${config.host}:${config.port} or to write ${config.dataDir}`;
  return message;
}

function waitForSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}
