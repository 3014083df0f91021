// A command's own connection to an infobase, whether its service is up or not: the database's locks keep them apart.
import { existsSync, readdirSync } from 'node:fs';
import { clockOf, systemClock, type Clock } from '../clock.ts';
import { databaseFile, infobaseOptionsOf, readConfig, type Config } from '../config.ts';
import { makeDataFolder } from '../data-folder.ts';
import { Infobase } from '../operations/infobase.ts';
import { CommandFailed, type CommandIo } from './command-io.ts';
import { nameOperator } from './name-operator.ts';

/** The flags that name an infobase. */
export interface InfobaseFlags {
  readonly infobase: string | undefined;
  readonly 'data-dir': string | undefined;
}

/**
 * Only a command that begins an infobase (its users, kinds, settings) makes the database of a configured one. In bulk: an
 * existing one, for a command that writes to most of its cards.
 */
export type Purpose = 'existing' | 'existing or new' | 'in bulk';

/** @throws ConfigMistakes */
export function readCommandConfig(io: CommandIo, flags: InfobaseFlags): Config {
  const dataDir = flags['data-dir'];
  return readConfig(dataDir === undefined ? io.environment : { ...io.environment, DATA_DIR: dataDir });
}

/**
 * The infobase's name and file.
 * @throws CommandFailed for a name that is not configured and has no file.
 */
export function locateInfobase(config: Config, name = config.infobases[0] ?? ''): { name: string; file: string } {
  const file = databaseFile(config, name);
  // A name from outside becomes a path only where it is a known one.
  const isKnown = config.infobases.includes(name) || listInfobases(config).includes(name);
  if (isKnown) return { name, file };
  const known = [...new Set([...config.infobases, ...listInfobases(config)])].join(', ');
  const terms = { code: 'not_found', field: '--infobase' } as const;
  throw new CommandFailed(`there is no infobase "${name}"; there are: ${known}`, terms);
}

/** Opens the infobase for `work` and closes it after. */
export async function withInfobase<T>(
  io: CommandIo,
  flags: InfobaseFlags,
  purpose: Purpose,
  work: (infobase: Infobase, clock: Clock) => Promise<T>,
): Promise<T> {
  const config = readCommandConfig(io, flags);
  const { name, file } = locateInfobase(config, flags.infobase);
  if (!existsSync(file)) {
    if (purpose !== 'existing or new') throw new CommandFailed(`infobase "${name}" has no database yet (${file})`);
    await makeDataFolder(config.dataDir);
  }
  const infobase = await openDatabase(config, name, purpose === 'in bulk');
  try {
    return await work(actAtCommandLine(infobase), clockOf(infobase, systemClock(config.timeZone)));
  } finally {
    await infobase.close();
  }
}

/** What a command changes is noted with the name of the operator. */
export function actAtCommandLine(infobase: Infobase): Infobase {
  return infobase.by({ name: nameOperator(), door: 'cli', readMs: Date.now });
}

/**
 * Opens (and makes, and migrates) the database of an infobase.
 * @throws CommandFailed where it cannot be opened.
 */
export async function openDatabase(config: Config, name: string, isBulk = false): Promise<Infobase> {
  try {
    return await Infobase.open({ ...infobaseOptionsOf(config, name), isBulk });
  } catch (reason) {
    throw new CommandFailed((reason as Error).message, { cause: reason });
  }
}

/** Names of the databases that the folder holds. */
export function listInfobases(config: Config): string[] {
  if (!existsSync(config.dataDir)) return [];
  const suffix = '.sqlite';
  const files = readdirSync(config.dataDir).filter((file) => file.endsWith(suffix));
  return files.map((file) => file.slice(0, -suffix.length));
}
