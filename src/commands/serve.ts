// `kkm serve` (npm start): the service, until it is asked to stop. Flags win over the environment.
import { configTable, listUnknownNames, readConfig, type Config } from '../config.ts';
import { openLog } from '../log.ts';
import { serve as startService, type RunningService } from '../main.ts';
import { CommandFailed, defineCommand, runCommand, type CommandIo } from './command-io.ts';

const flagOf = (name: string): string => name.toLowerCase().replaceAll('_', '-');

const flags = Object.fromEntries(
  Object.entries(configTable).map(([name, { fallback, about }]) => {
    const told = `${about}${fallback === undefined ? '' : ` (default ${fallback})`}`;
    return [flagOf(name), { takes: 'VALUE' as const, about: told }];
  }),
);

const command = defineCommand({
  usage: '[flags]',
  about: 'serves the infobases until SIGTERM or SIGINT; each flag is also a KKM_... variable',
  flags,
  run: async ({ flags: values }, io) => {
    const given = { ...io.environment, ...nameSettings(values) };
    const config = readConfig(given);
    const log = openLog({ level: config.logLevel, file: config.logFile });
    for (const name of listUnknownNames(given)) log.warn('unknown setting', { name: `KKM_${name}` });
    let service: RunningService;
    try {
      service = await startService({ config, log, tell: (line) => io.out(line) });
    } catch (reason) {
      throw new CommandFailed(`cannot start: ${explainStart(config, reason)}`, { cause: reason });
    }
    await waitForSignal();
    await service.stop();
    return 0;
  },
});

export function serve(args: string[], io: CommandIo): Promise<number> {
  return runCommand('kkm serve', command, args, io);
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
  if (code === 'EACCES') return `no right to listen on ${config.host}:${config.port} or to write ${config.dataDir}`;
  return message;
}

function waitForSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}
