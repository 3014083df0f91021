// `kkm doctor`: whether tills are served and nights run on this machine, and what to do where not. Each check is a file of
// `checks/`.
import { statSync } from 'node:fs';
import { listContractDirs, listUnknownNames, type Config } from '../../config.ts';
import { countOf } from '../../ledger/count-of.ts';
import { checkInfobase } from '../../operations/admin/check-infobase.ts';
import { answer, say } from '../answer.ts';
import { CommandFailed, commonFlags, defineCommand, runCommand, type CommandIo } from '../command-io.ts';
import { locateInfobase, readCommandConfig, withInfobase, type InfobaseFlags } from '../open-infobase.ts';
import { checkAdminPassword } from './checks/check-admin-password.ts';
import { checkBackups } from './checks/check-backups.ts';
import { judgeInfobase } from './checks/check-content.ts';
import { checkContract } from './checks/check-contract.ts';
import { checkDataDir } from './checks/check-data-folder.ts';
import { judgeMissingFile } from './checks/check-database-file.ts';
import { checkExchange } from './checks/check-exchange.ts';
import { checkNames } from './checks/check-names.ts';
import { checkNode } from './checks/check-node.ts';
import { checkService, checkServing } from './checks/check-serving.ts';
import { checkStanding } from './checks/check-standing.ts';
import { checkTls } from './checks/check-tls.ts';
import { fail, type Finding } from './checks/finding.ts';

const command = defineCommand({
  usage: '',
  about: 'checks whether tills are served and nights run, and what to do where not; exit code 1 where something fails',
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
      ...(await checkTls(config.tls, Date.now())),
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

async function checkDatabase(config: Config, io: CommandIo, flags: InfobaseFlags): Promise<Finding[]> {
  let name: string;
  let file: string;
  try {
    ({ name, file } = locateInfobase(config, flags.infobase));
  } catch (reason) {
    return [fail('database', (reason as Error).message, 'name another with --infobase, or add it to KKM_INFOBASES')];
  }
  const service = await checkService(config, name);
  const outside = [service, ...(await checkBackups(config, name)), ...checkExchange(config, name)];
  try {
    if (statSync(file, { throwIfNoEntry: false }) === undefined) return [judgeMissingFile(name, file), ...outside];
    return await withInfobase(io, flags, 'existing', async (infobase, clock) => [
      ...judgeInfobase(await checkInfobase(infobase)),
      ...(await checkServing(infobase, clock, config)),
      ...(await checkStanding(infobase, clock, config)),
      ...outside,
    ]);
  } catch (reason) {
    const remedy =
      'keep the file as it is and restore a backup (kkm restore), or use the version of the product that made it';
    return [fail('database', (reason as Error).message, remedy), ...outside];
  }
}

function formatFinding({ check, verdict, found, remedy }: Finding): string[] {
  const line = `${verdict.padEnd(5)}${check.padEnd(15)}${found}`;
  return remedy === null ? [line] : [line, `${' '.repeat(20)}-> ${remedy}`];
}
