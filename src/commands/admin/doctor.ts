// `kkm doctor`: whether this machine, this data folder and this infobase are fit to serve, and what to do where not.
import { accessSync, constants, existsSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listContractDirs, listUnknownNames, type Config } from '../../config.ts';
import { listOpenToOthers } from '../../data-folder.ts';
import { checkInfobase, type InfobaseCheck } from '../../operations/admin/check-infobase.ts';
import { shortestPassword } from '../../operations/admin/users.ts';
import { listUnanswered } from '../../soap/binding/bound-operation.ts';
import { loadContractFolder } from '../../soap/load-contract-folder.ts';
import { answer, say } from '../answer.ts';
import { checkBackups } from './check-backups.ts';
import { checkService, checkServing } from './check-serving.ts';
import { CommandFailed, commonFlags, defineCommand, runCommand, type CommandIo } from '../command-io.ts';
import { countOf } from '../../ledger/count-of.ts';
import { fail, ok, warn, type Finding } from './finding.ts';
import { formatSum } from '../../ledger/money.ts';
import { locateInfobase, readCommandConfig, withInfobase, type InfobaseFlags } from '../open-infobase.ts';

const leastNode = [20, 12] as const;
const leastFreeBytes = 1024 ** 3;
const fewFreeBytes = 100 * 1024 ** 2;
const probeBytes = 64 * 1024;
const fullDiskRemedy = 'make room: with a full disk no receipt can be posted';

const command = defineCommand({
  usage: '',
  about: 'checks Node, the data folder, the database and the contract; exit code 1 where something fails',
  notes: [
    'It reads the whole database (seconds for a million cards) and adds up every balance from its movements. The service',
    'may go on meanwhile.',
  ],
  flags: commonFlags,
  run: async ({ flags }, io) => {
    const config = readCommandConfig(io, flags);
    const findings = [
      checkNode(process.versions.node),
      checkNames(listUnknownNames(io.environment)),
      ...checkAdminPassword(config.adminPassword),
      ...checkDataDir(config.dataDir),
      ...(await checkDatabase(config, io, flags)),
      ...listContractDirs(config).map(checkContract),
    ];
    const failed = findings.filter(({ verdict }) => verdict === 'fail').length;
    const lines = findings.flatMap(formatFinding);
    if (failed === 0) return answer(io, flags, { json: { ok: true, findings }, lines });
    say(io, flags, lines);
    throw new CommandFailed(`${countOf(failed, 'check')} failed`, { code: 'differs', details: { findings } });
  },
});

export function doctor(args: string[], io: CommandIo): Promise<number> {
  return runCommand('kkm doctor', command, args, io);
}

/** @param version as process.versions.node has it: "20.20.2". */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isEnough = major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1]);
  return isEnough
    ? ok('node', `Node.js ${version}`)
    : fail('node', `Node.js ${version}`, `install Node.js ${leastNode.join('.')} or newer`);
}

function checkNames(unknown: readonly string[]): Finding {
  if (unknown.length === 0) return ok('variables', 'every KKM_ variable set is known');
  return warn(
    'variables',
    unknown.map((name) => `KKM_${name}`).join(', '),
    'this version does not know it: check the spelling',
  );
}

/** It is asked for at the first start only, which refuses a short one; later it is a weak password in a settings file. */
function checkAdminPassword(password: string | undefined): Finding[] {
  if (password === undefined || Array.from(password).length >= shortestPassword) return [];
  const found = `KKM_ADMIN_PASSWORD has fewer than ${shortestPassword} characters`;
  return [warn('password', found, 'kkm user add NAME --role admin --update, and remove the variable')];
}

function checkDataDir(dataDir: string): Finding[] {
  const probe = join(dataDir, `.doctor-${process.pid}`);
  try {
    const { mode } = statSync(dataDir);
    // Root may all the same; the service's own account may not.
    if ((mode & 0o222) === 0 || (mode & 0o111) === 0) {
      throw new Error(`its mode is ${(mode & 0o777).toString(8).padStart(3, '0')}`);
    }
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    // Rights alone do not show it: the disk may be full or mounted read-only.
    writeFileSync(probe, Buffer.alloc(probeBytes));
  } catch (reason) {
    const { code, message } = reason as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      return [warn('data folder', `${dataDir} does not exist`, 'the first start of the service makes it')];
    }
    if (code === 'ENOSPC' || code === 'EDQUOT') return [fail('free space', message, fullDiskRemedy)];
    const found = `${dataDir} cannot be written: ${message}`;
    return [fail('data folder', found, 'give the account of the service the rights to read, write and enter it')];
  } finally {
    removeProbe(probe);
  }
  const { bavail, bsize } = statfsSync(dataDir);
  return [ok('data folder', `${dataDir} can be written`), checkModes(dataDir), judgeFreeSpace(bavail * bsize)];
}

/** Databases and backups hold cards, their holders and hashes of passwords. */
function checkModes(dataDir: string): Finding {
  const open = listOpenToOthers(dataDir);
  if (open.length === 0) return ok('modes', 'the data folder and its files can be read by their owner only');
  const named = open.slice(0, 3).join(' ');
  const more = open.length > 3 ? ` and ${open.length - 3} more` : '';
  return warn('modes', `others than the owner can read: ${named}${more}`, `unless that is meant: chmod go= ${named}`);
}

function removeProbe(probe: string): void {
  try {
    rmSync(probe, { force: true });
  } catch {
    // Where it could not be made it cannot be removed, and why has been found.
  }
}

export function judgeFreeSpace(bytes: number): Finding {
  const found = `${Math.floor(bytes / 1024 ** 2)} MB free`;
  if (bytes < fewFreeBytes) return fail('free space', found, fullDiskRemedy);
  if (bytes < leastFreeBytes) return warn('free space', found, 'make room: less than 1 GB is left');
  return ok('free space', found);
}

async function checkDatabase(config: Config, io: CommandIo, flags: InfobaseFlags): Promise<Finding[]> {
  let name: string;
  let file: string;
  try {
    ({ name, file } = locateInfobase(config, flags.infobase));
  } catch (reason) {
    return [fail('database', (reason as Error).message, 'name another with --infobase, or add it to KKM_INFOBASES')];
  }
  const service = await checkService(config, name);
  const outside = [service, ...(await checkBackups(config, name))];
  try {
    if (statSync(file, { throwIfNoEntry: false }) === undefined) return [judgeMissingFile(name, file), ...outside];
    return await withInfobase(io, flags, 'existing', async (infobase, clock) => [
      ...judgeInfobase(await checkInfobase(infobase)),
      ...(await checkServing(infobase, clock, config)),
      ...outside,
    ]);
  } catch (reason) {
    const remedy =
      'keep the file as it is and restore a backup (kkm restore), or use the version of the product that made it';
    return [fail('database', (reason as Error).message, remedy), ...outside];
  }
}

function judgeMissingFile(name: string, file: string): Finding {
  // A stop takes the log away; where it is there, the file was taken from under it.
  if (existsSync(`${file}-wal`)) {
    const found = `${file} is missing, but its log (-wal) is there: it was moved or removed while a service had it open`;
    return fail('database', found, 'put the file back before the service is stopped, then start it again');
  }
  return warn('database', `infobase "${name}" has no database yet`, 'the first start of the service makes it');
}

/** Every finding about a database that could be read. */
export function judgeInfobase(check: InfobaseCheck): Finding[] {
  const { integrityMistakes, journalMode, synchronous, migrations, users, admins, kinds, cards, difference } = check;
  const [mistake] = integrityMistakes;
  const isDurable = journalMode === 'wal' && synchronous === 2;
  const commits = `journal mode ${journalMode}, synchronous ${synchronous === 2 ? 'FULL' : synchronous}`;
  return [
    mistake === undefined
      ? ok('integrity', 'the database is intact')
      : fail(
          'integrity',
          `${countOf(integrityMistakes.length, 'mistake')}, the first: ${mistake}`,
          'stop the service and restore a backup (kkm restore)',
        ),
    isDurable
      ? ok('commits', commits)
      : fail('commits', commits, 'keep the data on a local disk: WAL needs shared memory'),
    ok('schema', `${migrations.at(-1) ?? 'none'} (${migrations.length} migrations)`),
    judgeUsers(users, admins),
    kinds === 0 ? warn('card kinds', 'none', 'kkm kinds set CODE --name TEXT') : ok('card kinds', String(kinds)),
    cards === 0 ? warn('cards', 'none', 'kkm cards range or kkm cards import') : ok('cards', String(cards)),
    difference === null
      ? ok('balances', 'every balance is the sum of its movements')
      : fail(
          'balances',
          describeDifference(difference),
          'stop, keep the file, and report it to those who support the product',
        ),
  ];
}

function judgeUsers(users: number, admins: number): Finding {
  if (users === 0) return warn('users', 'none: no till can call', 'the first start makes them, or kkm user add');
  if (admins === 0) return warn('users', `${users}, no administrator`, 'kkm user add NAME --role admin');
  return ok('users', `${users}, administrators: ${admins}`);
}

const registerTexts: Readonly<Record<string, string>> = {
  accumulation_balance: 'balances of «Накопления»',
  billing_balance: 'balances of billing',
  accrual_turnover: 'accruals by write-off date',
  pending_credit: 'pending credits',
  certificate: 'gift certificates',
};

/** "balances of billing": the register as people call it. */
export function nameRegister(register: string): string {
  return registerTexts[register] ?? register;
}

/** "card 29...: balances of billing differ from the sum of the movements by bonus 0.01, ..." */
export function describeDifference({
  register,
  cardNumber,
  bonus,
  accumulation,
  receipts,
}: InfobaseCheck['difference'] & object): string {
  const by = `bonus ${formatSum(bonus)}, accumulation ${formatSum(accumulation)}, receipts ${receipts}`;
  const owner = register === 'certificate' ? 'certificate' : 'card';
  return `${owner} ${cardNumber}: ${nameRegister(register)} differ from the sum of the movements by ${by}`;
}

function checkContract(folder: string): Finding {
  try {
    const { contract, binding } = loadContractFolder(folder);
    const bound = binding.size - listUnanswered(binding).length;
    return ok(
      'contract',
      `${contract.serviceName}, ${contract.operations.length} operations, ${bound} bound (${folder})`,
    );
  } catch (reason) {
    return fail('contract', (reason as Error).message, 'correct the folder that KKM_CONTRACT or KKM_CONTRACTS names');
  }
}

function formatFinding({ check, verdict, found, remedy }: Finding): string[] {
  const line = `${verdict.padEnd(5)}${check.padEnd(15)}${found}`;
  return remedy === null ? [line] : [line, `${' '.repeat(20)}-> ${remedy}`];
}
