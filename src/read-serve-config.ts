// Settings of the service with the places that they name: folders, the log file, the contract. Trouble that
// would only appear in the middle of the start is reported with the other wrong settings, all at once.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, existsSync } from 'node:fs';
import { access, open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ConfigMistakes, listContractDirs, parseConfig, type Config } from './config.ts';
import { makeDataFolder } from './data-folder.ts';
import { readTlsFiles, type TlsFiles } from './http/tls-files.ts';
import { makeFolder } from './make-folder.ts';
import { loadContractFolder, type LoadedContract } from './soap/load-contract-folder.ts';

export interface ServeConfig {
  readonly config: Config;
  /** The contracts by their folders: loading one takes a good part of a start, and is done once. */
  readonly contracts: ReadonlyMap<string, LoadedContract>;
}

export interface ServeConfigOptions {
  /** How long a place may take to answer (default 10 s): a network disk that is gone never answers. */
  readonly patienceMs?: number;
}

/**
 * Makes the data folder, and the folder of the log file.
 * @throws ConfigMistakes with every mistake found.
 */
export async function readServeConfig(
  given: Readonly<Record<string, string>>,
  { patienceMs = 10_000 }: ServeConfigOptions = {},
): Promise<ServeConfig> {
  const { config, mistakes } = parseConfig(given);
  // The places are checked while the contract is loaded.
  const looks = Promise.all([
    findDataFolderMistake(config.dataDir, patienceMs),
    findLogMistake(config.logFile, patienceMs),
    findTlsMistakes(config.tls, patienceMs),
  ]);
  const { infobases, contractDir, contractDirs } = config;
  const folders =
    infobases === undefined || contractDir === undefined || contractDirs === undefined
      ? []
      : listContractDirs(config as Config);
  const contracts = folders.map((folder) => [folder, tryContract(folder, folder === contractDir)] as const);
  const wrong = contracts.map(([, contract]) => (typeof contract === 'string' ? contract : undefined));
  const all = [...mistakes, ...(await looks).flat(), ...wrong].filter((one) => one !== undefined);
  if (all.length > 0) throw new ConfigMistakes(all);
  return { config: config as Config, contracts: new Map(contracts) as ReadonlyMap<string, LoadedContract> };
}

/** The contract, or what is wrong with the setting. */
function tryContract(folder: string, isForAll: boolean): LoadedContract | string {
  try {
    return loadContractFolder(folder);
  } catch (reason) {
    const why = existsSync(folder) ? (reason as Error).message : 'there is no such folder';
    const name = isForAll ? 'CONTRACT' : 'CONTRACTS';
    return `KKM_${name}: expected a folder with a WSDL and its binding.json, got "${folder}": ${why}`;
  }
}

async function findDataFolderMistake(folder: string | undefined, patienceMs: number): Promise<string | undefined> {
  if (folder === undefined) return undefined;
  if (!(await doesAnswer(folder, patienceMs))) return describeSilence('DATA_DIR', folder, patienceMs);
  try {
    await makeDataFolder(folder);
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return undefined;
  } catch (reason) {
    const expected = 'a folder that the account of the service can make, read, write and enter';
    return `KKM_DATA_DIR: expected ${expected}, got "${folder}": ${(reason as Error).message}`;
  }
}

/** Trouble that may pass, a full disk or a pipe that nobody reads yet, must not keep the service from starting. */
const lastingTroubles = ['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'EPERM', 'EROFS', 'ELOOP', 'ENAMETOOLONG', 'EEXIST'];

async function findLogMistake(file: string | undefined, patienceMs: number): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const folder = dirname(resolve(file));
  if (!(await doesAnswer(folder, patienceMs))) return describeSilence('LOG_FILE', file, patienceMs);
  try {
    await makeFolder(folder);
    // A pipe without a reader must not keep the start waiting.
    const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NONBLOCK ?? 0);
    await (await open(file, flags, 0o600)).close();
    return undefined;
  } catch (reason) {
    const { code = '', message } = reason as NodeJS.ErrnoException;
    if (!lastingTroubles.includes(code)) return undefined;
    return `KKM_LOG_FILE: expected a file that the account of the service can write, got "${file}": ${message}`;
  }
}

async function findTlsMistakes(files: TlsFiles | undefined, patienceMs: number): Promise<readonly string[]> {
  if (files === undefined) return [];
  const { certFile, keyFile, clientCaFile = keyFile } = files;
  const places = new Map([
    [dirname(clientCaFile), ['TLS_CLIENT_CA', clientCaFile]],
    [dirname(keyFile), ['TLS_KEY', keyFile]],
    [dirname(certFile), ['TLS_CERT', certFile]],
  ] as const);
  for (const [folder, [name, file]] of places) {
    if (!(await doesAnswer(folder, patienceMs))) return [describeSilence(name, file, patienceMs)];
  }
  const read = await readTlsFiles(files);
  return read.ok ? [] : read.mistakes;
}

function describeSilence(name: string, place: string, patienceMs: number): string {
  return `KKM_${name}: expected a place that answers, got "${place}": no answer in ${patienceMs / 1000} s`;
}

/** Looks into the place and ends, with any result. */
const look = 'try { require("node:fs").readdirSync(process.argv[1]) } catch {}';

/**
 * Whether a look at the place returns. It is done by another process: a call that hangs cannot be cancelled, and would keep
 * this process from ending.
 */
async function doesAnswer(place: string, patienceMs: number): Promise<boolean> {
  const scout = spawn(process.execPath, ['-e', look, place], { stdio: 'ignore' });
  const signal = AbortSignal.timeout(patienceMs);
  try {
    await once(scout, 'exit', { signal });
    return true;
  } catch {
    // If no process can be started, this one looks at the place.
    if (!signal.aborted) return true;
    scout.kill('SIGKILL');
    scout.unref();
    return false;
  }
}
