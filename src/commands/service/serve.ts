// `kkm serve` (npm start): the service, until it is asked to stop. Flags win over the environment.
import { once } from 'node:events';
import { Registry } from 'prom-client';
import { configTable, listUnknownNames, type Config } from '../../config.ts';
import { declareProcessMetrics } from '../../http/metrics/process-metrics.ts';
import { openLog, type OpenLog } from '../../log.ts';
import { serve as startService, type RunningService } from '../../main.ts';
import { FirstUserRefused } from '../../operations/admin/make-first-users.ts';
import { readServeConfig, type ServeConfig } from '../../read-serve-config.ts';
import { CommandFailed, defineCommand, runCommand, type CommandIo } from '../command-io.ts';
import { heedSignals, type Signals } from './heed-signals.ts';

const flagOf = (name: string): string => name.toLowerCase().replaceAll('_', '-');

const flags = Object.fromEntries(
  Object.entries(configTable).map(([name, { fallback, about }]) => {
    const shown = `${about}${fallback === undefined ? '' : ` (default ${fallback})`}`;
    return [flagOf(name), { takes: 'VALUE' as const, about: shown }];
  }),
);

const command = defineCommand({
  usage: '[flags]',
  about: 'serves the infobases until SIGTERM or SIGINT; each flag is also a KKM_... variable',
  flags,
  run: async ({ flags: values }, io) => {
    // Before everything else: a signal that is not handled ends the process at once.
    const signals = heedSignals();
    try {
      return await serveUntil(signals, { ...io.environment, ...nameSettings(values) });
    } finally {
      signals.ignore();
    }
  },
});

export function serve(args: string[], io: CommandIo): Promise<number> {
  return runCommand('kkm serve', command, args, io);
}

async function serveUntil(signals: Signals, given: Record<string, string>): Promise<number> {
  const found = await readServeConfig(given);
  const { logLevel: level, logFile: file, logForm: form, logRotation: rotation } = found.config;
  const output = openLog({ level, file, form, rotation });
  for (const name of listUnknownNames(given)) output.log.warn('unknown setting', { name: `KKM_${name}` });
  // A signal may come before the service is there, and its certificate is then new enough.
  let service: RunningService | undefined;
  signals.onHangup(async () => {
    await reopenLog(output, file);
    await service?.checkTls();
  });
  try {
    service = await start(found, output, signals);
    if (!signals.stopping.aborted) await once(signals.stopping, 'abort');
    await service.stop();
    return 0;
  } finally {
    await output.close();
  }
}

async function start(found: ServeConfig, { log, tell }: OpenLog, { stopping }: Signals): Promise<RunningService> {
  const registry = new Registry();
  declareProcessMetrics(registry);
  try {
    return await startService({ ...found, log, tell, stopping, registry });
  } catch (reason) {
    throw new CommandFailed(`cannot start: ${explainStart(found.config, reason)}`, { cause: reason });
  }
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

/** Flags by their environment names. */
function nameSettings(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const name of Object.keys(configTable)) {
    const value = values[flagOf(name)];
    if (value !== undefined) settings[name] = value;
  }
  return settings;
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
