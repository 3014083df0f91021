// Settings of the process: names, forms, defaults. All mistakes are reported together, each with what was expected.
import { BlockList } from 'node:net';
import { join, resolve } from 'node:path';
import { settingTable } from './ledger/settings.ts';
import type { InfobaseOptions } from './operations/infobase.ts';
import type { ServerLimits } from './http/open-server.ts';
import type { TlsFiles } from './http/tls-files.ts';
import { parseKeepPolicy, type KeepPolicy } from './operations/admin/keep-policy.ts';
import { findNameMistake, findPasswordMistake } from './operations/admin/users.ts';
import { parseAddresses } from './parse-addresses.ts';
import { limitTable } from './limit-settings.ts';
import type { LogForm } from './log.ts';
import type { RotationRule } from './log-rotation.ts';
import {
  Expected,
  parseCount,
  parseOneOf,
  parseSize,
  parseText,
  parseTimeZone,
  parseUrl,
  type Parse,
} from './parse-setting.ts';
import { resolveGivenPath } from './paths.ts';
import { parseExchangeSchedule, parseNightSchedule, type ExchangeSchedule, type NightSchedule } from './schedules.ts';

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly infobases: readonly string[];
  /** Scheme, host and port that clients see, without a slash at the end; undefined = as asked. */
  readonly publicUrl: string | undefined;
  readonly timeZone: string;
  readonly hasSubscription: boolean;
  /** Folder with the WSDL and binding.json. */
  readonly contractDir: string;
  /** Folders of infobases with a contract of their own. */
  readonly contractDirs: ReadonlyMap<string, string>;
  /** The files of TLS; undefined = plain HTTP. */
  readonly tls: TlsFiles | undefined;
  readonly logLevel: string;
  readonly logFile: string | undefined;
  readonly logForm: LogForm;
  /** When the service itself puts the log file aside; undefined = never. */
  readonly logRotation: RotationRule | undefined;
  readonly bodyLimitBytes: number;
  /** Connections at once. */
  readonly connectionLimit: number;
  /** Requests that are answered at once. */
  readonly requestLimit: number;
  /** Sessions of the console that a user has at once. */
  readonly sessionLimit: number;
  readonly serverLimits: ServerLimits;
  /** Whose X-Forwarded-For is believed; undefined = nobody's. */
  readonly trustedProxies: BlockList | undefined;
  readonly adminUser: string;
  readonly adminPassword: string | undefined;
  /** Seconds; the default of infobases that set no holdTimeout of their own. */
  readonly holdTimeout: string;
  /** When the night begins, in the infobases' time zone. */
  readonly nightSchedule: NightSchedule;
  /** Folder where tills leave shift reports; undefined = no exchange. */
  readonly exchangeDir: string | undefined;
  readonly exchangeSchedule: ExchangeSchedule;
  /** Folder of the scheduled backups; undefined = none are made. */
  readonly backupDir: string | undefined;
  readonly backupSchedule: NightSchedule;
  /** Which of the scheduled backups are kept. */
  readonly backupKeep: KeepPolicy;
  /** The addresses that read /metrics without a login. */
  readonly metricsFrom: BlockList;
}

export class ConfigMistakes extends Error {
  readonly mistakes: readonly string[];
  constructor(mistakes: readonly string[]) {
    super(`wrong settings:\n${mistakes.map((mistake) => `  ${mistake}`).join('\n')}`);
    this.mistakes = mistakes;
  }
}

const logLevels = ['error', 'warn', 'info', 'verbose', 'debug', 'silly'];

/** What an infobase may be called: it becomes a file and a part of an address. */
export const infobaseNames = {
  isValid: (text: string): boolean => /^[A-Za-z][A-Za-z0-9_-]{0,62}$/.test(text),
  expected: 'names of Latin letters, digits, "-" and "_", beginning with a letter',
};

const parseName: Parse<string> = (text) => {
  if (!infobaseNames.isValid(text)) throw new Expected(infobaseNames.expected);
  return text;
};

const parseRotation: Parse<Omit<RotationRule, 'keep'>> = (text) => {
  let isDaily = false;
  let sizeBytes: number | undefined;
  for (const part of text.split(',').map((one) => one.trim())) {
    if (part === 'daily' && !isDaily) isDaily = true;
    else if (/^\d/.test(part) && sizeBytes === undefined) sizeBytes = parseSize(part);
    else throw new Expected('daily, a size such as 100mb, or both: daily,100mb');
  }
  return { isDaily, sizeBytes };
};

const parseContracts: Parse<ReadonlyMap<string, string>> = (text) => {
  const folders = new Map<string, string>();
  for (const pair of text.split(',')) {
    const [, name = '', folder = ''] = /^([^:]+):(.+)$/.exec(pair.trim()) ?? [];
    if (folder === '' || folders.has(name))
      throw new Expected('infobase:folder, each infobase once, separated by commas');
    folders.set(name.trim(), resolveGivenPath(folder.trim()));
  }
  return folders;
};

const parseUserName: Parse<string> = (name) => {
  const why = findNameMistake(name);
  if (why !== undefined) throw new Expected(`the name of a user (${why})`);
  return name;
};

const parsePassword: Parse<string> = (password) => {
  const why = findPasswordMistake(password);
  if (why !== undefined) throw new Expected(`the password of a user (${why})`, true);
  return password;
};

/** Every setting of the process by its environment name; a flag of `serve` is the same name in kebab case. */
export const configTable: Readonly<Record<string, { readonly fallback?: string; readonly about: string }>> = {
  HOST: { fallback: '127.0.0.1', about: 'address to listen on; the loopback by default' },
  PORT: { fallback: '8080', about: 'port to listen on; 0 = any free one' },
  DATA_DIR: { fallback: './data', about: 'folder of the databases, one file for each infobase' },
  INFOBASES: { fallback: 'trade', about: 'names of the infobases served, separated by commas' },
  PUBLIC_URL: { about: 'scheme, host and port that clients see, behind a proxy' },
  TIMEZONE: { fallback: 'Europe/Moscow', about: "time zone of the infobases' clocks" },
  SUBSCRIPTION: { fallback: 'extended', about: 'none or extended; billing needs extended' },
  CONTRACT: { fallback: 'wsdl/default', about: 'folder with the WSDL and binding.json' },
  CONTRACTS: { about: 'infobases with a contract of their own: infobase:folder, separated by commas' },
  TLS_CERT: { about: 'PEM file of the certificate; with TLS_KEY the service speaks HTTPS' },
  TLS_KEY: { about: "PEM file of the certificate's private key, without a passphrase" },
  TLS_CLIENT_CA: { about: 'PEM file of who signs the certificates of clients; unset = clients show none' },
  LOG_LEVEL: { fallback: 'info', about: logLevels.join(', ') },
  LOG_FILE: { about: 'file to write the log to as well' },
  LOG_FORMAT: { fallback: 'json', about: 'form of the lines: json or text' },
  LOG_ROTATE: { about: 'when the service puts the log file aside: daily, a size such as 100mb, or both: daily,100mb' },
  LOG_KEEP: { fallback: '14', about: 'how many log files that were put aside are kept' },
  BODY_LIMIT: { fallback: '2mb', about: 'greatest request, as sent and as unpacked' },
  CONNECTIONS: { fallback: '1000', about: 'connections at once; one more is closed immediately' },
  ...limitTable,
  ADMIN_USER: { fallback: 'admin', about: 'name of the administrator made on the first start' },
  ADMIN_PASSWORD: { about: 'password of that administrator; otherwise one is generated and printed once' },
  HOLD_TIMEOUT: {
    fallback: settingTable.holdTimeout.fallback,
    about: 'seconds a hold lasts, unless the infobase sets its own',
  },
  NIGHT_CRON: {
    fallback: '0 0 2 * * *',
    about: 'when the night of billing begins: seconds, minutes, hours of every day',
  },
  EXCHANGE_DIR: { about: 'folder where tills leave shift reports, a subfolder for each till; unset = no exchange' },
  EXCHANGE_CRON: {
    fallback: '0 */5 * * * *',
    about: 'when the exchange folder is looked at: seconds, minutes, hours, day, month, weekday',
  },
  BACKUP_DIR: { about: 'folder for a backup of each infobase by schedule; unset = no such backups' },
  BACKUP_CRON: { fallback: '0 30 3 * * *', about: 'when the backups are made: seconds, minutes, hours of every day' },
  BACKUP_KEEP: {
    fallback: '7d,4w,12m',
    about: 'of how many last days, weeks and months the newest scheduled backup is kept',
  },
  METRICS_FROM: { about: 'addresses and networks that read /metrics without a login, separated by commas' },
  DATABASE_URL: { about: 'PostgreSQL; not in this version' },
};

/** @throws ConfigMistakes with every mistake found. */
export function readConfig(given: Readonly<Record<string, string>>): Config {
  const { config, mistakes } = parseConfig(given);
  if (mistakes.length > 0) throw new ConfigMistakes(mistakes);
  return config as Config;
}

/** The settings that can be read: a field with a mistake is undefined. */
export function parseConfig(given: Readonly<Record<string, string>>): {
  readonly config: { readonly [K in keyof Config]: Config[K] | undefined };
  readonly mistakes: readonly string[];
} {
  const mistakes: string[] = [];
  function take<T>(name: string, parse: Parse<T>): T;
  function take<T>(name: string, parse: Parse<T>, isOptional: true): T | undefined;
  function take<T>(name: string, parse: Parse<T>): T | undefined {
    const text = given[name] ?? configTable[name]?.fallback;
    if (text === undefined) return undefined;
    try {
      return parse(text);
    } catch (reason) {
      if (!(reason instanceof Expected)) throw reason;
      mistakes.push(`KKM_${name}: expected ${reason.message}${reason.isSecret ? '' : `, got "${text}"`}`);
      return undefined;
    }
  }
  const config = {
    host: take('HOST', parseText),
    port: take('PORT', parseCount(0, 65_535)),
    dataDir: resolve(take('DATA_DIR', parseText)),
    infobases: take('INFOBASES', (names) => names.split(',').map((name) => parseName(name.trim()))),
    publicUrl: take('PUBLIC_URL', parseUrl, true),
    timeZone: take('TIMEZONE', parseTimeZone),
    hasSubscription: take('SUBSCRIPTION', parseOneOf(['none', 'extended'])) === 'extended',
    contractDir: resolveGivenPath(take('CONTRACT', parseText)),
    contractDirs: take('CONTRACTS', parseContracts, true) ?? new Map<string, string>(),
    tls: takeTls(given, mistakes),
    logLevel: take('LOG_LEVEL', parseOneOf(logLevels)),
    logFile: take('LOG_FILE', parseText, true),
    logForm: take('LOG_FORMAT', parseOneOf(['json', 'text'])) as LogForm,
    logRotation: takeRotation(take('LOG_ROTATE', parseRotation, true), take('LOG_KEEP', parseCount(1, 10_000))),
    bodyLimitBytes: take('BODY_LIMIT', parseSize),
    connectionLimit: take('CONNECTIONS', parseCount(16, 100_000)),
    requestLimit: take('REQUESTS', parseCount(1, 100_000)),
    sessionLimit: take('SESSIONS', parseCount(1, 1_000)),
    serverLimits: {
      headerBytes: take('HEADER_LIMIT', parseSize),
      headerCount: take('HEADERS', parseCount(20, 2_000)),
      headerTimeoutMs: 1000 * take('HEADER_TIMEOUT', parseCount(1, 3_600)),
      requestTimeoutMs: 1000 * take('REQUEST_TIMEOUT', parseCount(1, 86_400)),
      keepAliveMs: 1000 * take('KEEP_ALIVE', parseCount(1, 3_600)),
    },
    trustedProxies: take('TRUSTED_PROXIES', parseAddresses, true),
    adminUser: take('ADMIN_USER', parseUserName),
    adminPassword: take('ADMIN_PASSWORD', parsePassword, true),
    holdTimeout: take('HOLD_TIMEOUT', (value) => {
      if (!settingTable.holdTimeout.isValid(value)) throw new Expected(settingTable.holdTimeout.expected);
      return value;
    }),
    nightSchedule: take('NIGHT_CRON', (line) => {
      const schedule = parseNightSchedule(line);
      if (schedule === undefined) throw new Expected('a cron line of every day such as "0 0 2 * * *"');
      return schedule;
    }),
    exchangeDir: take('EXCHANGE_DIR', (path) => resolve(path), true),
    exchangeSchedule: take('EXCHANGE_CRON', (line) => {
      const schedule = parseExchangeSchedule(line);
      if (schedule === undefined) throw new Expected('a cron line such as "0 */5 * * * *"');
      return schedule;
    }),
    backupDir: take('BACKUP_DIR', (path) => resolve(path), true),
    backupSchedule: take('BACKUP_CRON', (line) => {
      const schedule = parseNightSchedule(line);
      if (schedule === undefined) throw new Expected('a cron line of every day such as "0 30 3 * * *"');
      return schedule;
    }),
    backupKeep: take('BACKUP_KEEP', (text) => {
      const policy = parseKeepPolicy(text);
      if (policy === undefined) throw new Expected('numbers of days, weeks and months such as "7d,4w,12m"');
      return policy;
    }),
    metricsFrom: take('METRICS_FROM', parseAddresses, true) ?? new BlockList(),
  };
  const { headerTimeoutMs, requestTimeoutMs } = config.serverLimits;
  if (headerTimeoutMs > requestTimeoutMs) {
    mistakes.push(
      'KKM_REQUEST_TIMEOUT: expected no less than KKM_HEADER_TIMEOUT: the headers are a part of the request',
    );
  }
  const known: readonly string[] | undefined = config.infobases;
  const stranger = known && [...config.contractDirs.keys()].find((name) => !known.includes(name));
  if (stranger !== undefined) {
    mistakes.push(`KKM_CONTRACTS: expected infobases of KKM_INFOBASES, got "${stranger}"`);
  }
  if (given.LOG_ROTATE !== undefined && given.LOG_FILE === undefined) {
    mistakes.push('KKM_LOG_ROTATE: expected together with KKM_LOG_FILE, because only a file is put aside');
  }
  if (given.DATABASE_URL !== undefined) {
    mistakes.push('KKM_DATABASE_URL: PostgreSQL is not in this version; leave it unset to use SQLite in KKM_DATA_DIR');
  }
  return { config, mistakes };
}

function takeRotation(
  rule: Omit<RotationRule, 'keep'> | undefined,
  keep: number | undefined,
): RotationRule | undefined {
  return rule === undefined || keep === undefined ? undefined : { ...rule, keep };
}

/** The files of TLS: a certificate and its key come together. */
function takeTls(given: Readonly<Record<string, string>>, mistakes: string[]): TlsFiles | undefined {
  const { TLS_CERT: cert, TLS_KEY: key, TLS_CLIENT_CA: clientCa } = given;
  if (cert === undefined && key === undefined) {
    if (clientCa !== undefined) mistakes.push('KKM_TLS_CLIENT_CA: expected together with KKM_TLS_CERT and KKM_TLS_KEY');
    return undefined;
  }
  if (cert === undefined) mistakes.push('KKM_TLS_CERT: expected the file of the certificate, as KKM_TLS_KEY is set');
  if (key === undefined) mistakes.push('KKM_TLS_KEY: expected the file of the key, as KKM_TLS_CERT is set');
  if (cert === undefined || key === undefined) return undefined;
  const clientCaFile = clientCa === undefined ? undefined : resolve(clientCa);
  return { certFile: resolve(cert), keyFile: resolve(key), clientCaFile };
}

/** Names given that this version does not know: the log reports them, because a typo must not go unnoticed. */
export function listUnknownNames(given: Readonly<Record<string, string>>): string[] {
  return Object.keys(given).filter((name) => !Object.hasOwn(configTable, name));
}

/** The folder of an infobase's contract. */
export function contractDirOf({ contractDir, contractDirs }: Config, infobase: string): string {
  return contractDirs.get(infobase) ?? contractDir;
}

/** The folders of all contracts that are served, each once. */
export function listContractDirs(config: Config): readonly string[] {
  return [...new Set(config.infobases.map((name) => contractDirOf(config, name)))];
}

/** The database file of an infobase. */
export function databaseFile(config: Config, infobase: string): string {
  return join(config.dataDir, `${infobase}.sqlite`);
}

/** How the process opens an infobase of its own. */
export function infobaseOptionsOf(config: Config, name: string): InfobaseOptions {
  const { hasSubscription, timeZone, holdTimeout } = config;
  return { name, file: databaseFile(config, name), hasSubscription, timeZone, defaults: { holdTimeout } };
}
