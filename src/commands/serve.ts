// `kkm serve` (npm start): the service, until it is told to stop. Flags win over the environment.
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { configTable, listUnknownNames, type Config } from '../config.ts';
import { openLog, type OpenLog } from '../log.ts';
import { serve as startService, type RunningService } from '../main.ts';
import { FirstUserRefused } from '../operations/make-first-users.ts';
import { readServeConfig, type ServeConfig } from '../read-serve-config.ts';
import type { CommandIo } from './command-io.ts';
import { heedSignals, type Signals } from './heed-signals.ts';

const flagOf = (name: string): string => name.toLowerCase().replaceAll('_', '-');

export async function serve(args: string[], io: CommandIo): Promise<number> {
  // Ahead of everything else: a signal that nobody heeds ends the process at once.
  const signals = heedSignals();
  try {
    return await serveUntil(signals, args, io);
  } finally {
    signals.ignore();
  }
}

async function serveUntil(signals: Signals, args: string[], io: CommandIo): Promise<number> {
  let found: ServeConfig;
  let given: Record<string, string>;
  try {
    const flags = readFlags(args);
    if (flags === undefined) {
      writeUsage(io);
      return 0;
    }
    given = { ...io.environment, ...flags };
    found = await readServeConfig(given);
  } catch (reason) {
    io.err(`kkm serve: ${(reason as Error).message}`);
    return 2;
  }
  const { logLevel: level, logFile: file } = found.config;
  const output = openLog({ level, file });
  for (const name of listUnknownNames(given)) output.log.warn('unknown setting', { name: `KKM_${name}` });
  signals.onHangup(() => reopenLog(output, file));
  try {
    return await run(found, output, signals, io);
  } finally {
    await output.close();
  }
}

async function run(found: ServeConfig, { log, tell }: OpenLog, { stopping }: Signals, io: CommandIo): Promise<number> {
  let service: RunningService;
  try {
    service = await startService({ ...found, log, tell, stopping });
  } catch (reason) {
    io.err(`kkm serve: cannot start: ${explainStart(found.config, reason)}`);
    return 1;
  }
  if (!stopping.aborted) await once(stopping, 'abort');
  await service.stop();
  return 0;
}

/** Without a log file there is nothing to open again: what becomes of standard output is not the service's affair. */
async function reopenLog({ log, reopen }: OpenLog, file: string | undefined): Promise<void> {
  if (file === undefined) return;
  try {
    await reopen();
    log.info('log reopened', { file });
  } catch (reason) {
    log.error('log not reopened', { file, error: reason });
  }
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
  if (reason instanceof FirstUserRefused) {
    return `KKM_ADMIN_PASSWORD: ${reason.why}; give a longer one, or add the user before the start: kkm user add --force`;
  }
  if (code === 'EACCES') return `no right to listen on ${config.host}:${config.port}; give another --port`;
  return message;
}
