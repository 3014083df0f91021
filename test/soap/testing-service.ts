// The real service in the test's process: `serve` over files in a temporary folder, on a free port, with a clock that
// stands still and a log that is only collected. Users have passwords hashed at the least cost, so that a test does not
// pay a tenth of a second for each login; a test that is about passwords makes its own users.
import { randomBytes, scryptSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { createLogger, transports, type Logger } from 'winston';
import type { Clock } from '../../src/clock.ts';
import { databaseFile, readConfig } from '../../src/config.ts';
import { saveUser, type UserRole } from '../../src/db/admin/service-user.ts';
import type { LocalDateTime } from '../../src/ledger/local-date-time.ts';
import { logFormat } from '../../src/log.ts';
import { serve, type RunningService } from '../../src/main.ts';
import { Infobase } from '../../src/operations/infobase.ts';
import { loadContractFolder, type LoadedContract } from '../../src/soap/load-contract-folder.ts';
import { copyEmptyDatabase, moment, noon } from '../operations/testing-infobase.ts';
import { makeOncePerRun } from '../make-once-per-run.ts';
import { fillInfobase, type Before } from './testing-state.ts';
import { Wire, writeChunks, writeHead, type WireReply } from './wire.ts';

export const till = { name: 'Касса № 1', role: 'till', password: 'пароль:с двоеточием' } as const;
export const admin = { name: 'admin', role: 'admin', password: 'admin' } as const;
export const auditor = { name: 'auditor', role: 'auditor', password: 'auditor' } as const;

export interface Credentials {
  readonly name: string;
  readonly password: string;
}

export function basic({ name, password }: Credentials): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly [key: string]: unknown;
}

/** A clock that tests set. */
export interface SetClock extends Clock {
  at: LocalDateTime;
}

export interface TestingService {
  readonly running: RunningService;
  readonly port: number;
  readonly dataDir: string;
  readonly clock: SetClock;
  readonly log: readonly LogLine[];
  /** Of the first infobase, or of the one named. */
  infobase(name?: string): Infobase;
  /** Stops the service and removes its files. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Settings of the process, by their environment names without the prefix. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The state of the first infobase. */
  readonly before?: Before;
}

export const servicePath = '/trade/ws/KKMTransfer.1cws';

/** "$scrypt$..." at the least cost there is. */
export function hashCheaply(password: string): string {
  const salt = randomBytes(16);
  const hash = scryptSync(password.normalize('NFC'), salt, 32, { N: 2, r: 8, p: 1 });
  return `$scrypt$ln=1,r=8,p=1$${encodeBare(salt)}$${encodeBare(hash)}`;
}

function encodeBare(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}

export function addUser(infobase: Infobase, user: Credentials & { readonly role: UserRole }): Promise<void> {
  const { name, role, password } = user;
  return infobase.db.write((trx) =>
    saveUser(trx, { name: name.normalize('NFC'), role, passwordHash: hashCheaply(password), madeAt: noon }),
  );
}

/** The contract of every service that names no other: reading it takes a third of a start. */
let ownContract: LoadedContract | undefined;

let template: Promise<Buffer> | undefined;

/** The bytes of a migrated database with the three users. */
async function makeTemplate(): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'kkm-template-'));
  try {
    const file = join(folder, 'template.sqlite');
    await copyEmptyDatabase(file);
    const infobase = await openInfobaseFile(file);
    for (const user of [till, admin, auditor]) await addUser(infobase, user);
    await infobase.close();
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes a database file with the three users and nothing else. */
export async function copyTemplate(file: string): Promise<void> {
  template ??= makeOncePerRun('users.sqlite', makeTemplate);
  writeFileSync(file, await template);
}

/** Opens an infobase's file beside the service that may have it open too. */
export function openInfobaseFile(file: string): Promise<Infobase> {
  return Infobase.open({ name: 'beside', file, hasSubscription: false });
}

function collectLog(lines: LogLine[]): Logger {
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      for (const line of chunk.toString().trimEnd().split('\n')) lines.push(JSON.parse(line) as LogLine);
      done();
    },
  });
  return createLogger({
    level: 'debug',
    format: logFormat(),
    transports: [new transports.Stream({ stream })],
  });
}

export async function startService(options: StartOptions = {}): Promise<TestingService> {
  const dataDir = mkdtempSync(join(tmpdir(), 'kkm-service-'));
  const given = { HOST: '127.0.0.1', PORT: '0', DATA_DIR: join(dataDir, 'data'), ...options.settings };
  const config = readConfig(given);
  mkdirSync(config.dataDir, { recursive: true });
  for (const name of config.infobases) await copyTemplate(databaseFile(config, name));
  const clock: SetClock = { at: moment(options.before?.clock ?? noon), now: () => clock.at };
  const log: LogLine[] = [];
  const isOwn = options.settings?.['CONTRACT'] === undefined;
  const contracts = new Map<string, LoadedContract>();
  if (isOwn) contracts.set(config.contractDir, (ownContract ??= loadContractFolder(config.contractDir)));
  const running = await serve({ config, log: collectLog(log), tell: () => undefined, clock, contracts });
  const infobase = (name?: string): Infobase => {
    const found = name === undefined ? running.infobases[0] : running.infobases.find((one) => one.name === name);
    if (found === undefined) throw new Error(`there is no infobase ${name}`);
    return found;
  };
  await fillInfobase(infobase(), options.before ?? {});
  return {
    running,
    port: Number(new URL(running.origin).port),
    dataDir: config.dataDir,
    clock,
    log,
    infobase,
    async stop() {
      await running.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export interface Call {
  readonly method?: string;
  readonly path?: string;
  readonly httpVersion?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string | Buffer;
  /** Null sends none; the till's by default. */
  readonly user?: Credentials | null;
  /** Sent in chunks of so many bytes, without a length. */
  readonly chunkBytes?: number;
}

/** The bytes of a request, with Host, Authorization and a length unless `headers` say otherwise. */
export function writeCall(request: Call): Buffer {
  const { method = 'POST', path = servicePath, httpVersion = 'HTTP/1.1', body = '', user = till, chunkBytes } = request;
  const bytes = Buffer.from(body as string);
  const own: Record<string, string | undefined> = {
    host: 'shop.example:8080',
    authorization: user === null ? undefined : basic(user),
  };
  if (chunkBytes !== undefined) own['transfer-encoding'] = 'chunked';
  else if (method === 'POST' || bytes.length > 0) own['content-length'] = String(bytes.length);
  const headers = Object.entries({ ...own, ...request.headers }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Buffer.concat([
    Buffer.from(writeHead(method, path, headers, httpVersion)),
    chunkBytes === undefined ? bytes : writeChunks(bytes, chunkBytes),
  ]);
}

/** Sends one request over a connection and reads its reply, passing over 100 Continue. */
export async function call(wire: Wire, request: Call): Promise<WireReply> {
  await wire.send(writeCall(request));
  let reply = await wire.next(request.method === 'HEAD');
  while (reply?.status === 100) reply = await wire.next();
  if (reply === undefined) throw new Error('the connection ended without a reply');
  return reply;
}

/** One request over a connection of its own. */
export async function callOnce(service: Pick<TestingService, 'port'>, request: Call): Promise<WireReply> {
  const wire = await Wire.open(service.port);
  try {
    return await call(wire, request);
  } finally {
    wire.close();
  }
}
