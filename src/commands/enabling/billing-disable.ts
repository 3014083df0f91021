// `kkm billing disable`: three confirmations, each by itself, a backup, and all that billing has written is deleted.
import { join } from 'node:path';
import { nameRunner } from '../../jobs/name-runner.ts';
import {
  confirmations,
  disableBilling,
  findBillingRemains,
  leaveDisabling,
  nameDisablingBackup,
  type DisablingEnd,
} from '../../operations/enabling/disable-billing.ts';
import { answer, say } from '../answer.ts';
import { CommandFailed, commonFlags, defineCommand, dryRunFlag, UsageMistake, type CommandIo } from '../command-io.ts';
import { readDateFlag } from '../read-date-flag.ts';
import { backUp } from '../admin/back-up.ts';
import { withBillingBase, type BillingBase } from './open-billing-base.ts';

export const disable = defineCommand({
  usage: '--confirm-infobase NAME --confirm-start-date D --confirm-destruction',
  about: 'switches billing off: makes a backup, then deletes everything that billing has written',
  notes: [
    'Cards, receipts and «Накопления» stay. On a terminal the command asks for what no flag confirms.',
    'After a kill either nothing or everything is deleted; the same command again finishes it.',
  ],
  flags: {
    'confirm-infobase': { takes: 'NAME', about: 'first confirmation: the name of the infobase' },
    'confirm-start-date': { takes: 'D', about: 'second confirmation: the date that billing began at' },
    'confirm-destruction': {
      about: 'third confirmation: documents made by hand and imported balances are deleted too',
    },
    backup: {
      takes: 'FILE',
      about: 'a new file for the backup (default: named by date, in KKM_BACKUP_DIR or beside the database)',
    },
    ...dryRunFlag,
    ...commonFlags,
  },
  run: ({ flags }, io) => {
    if (io.ask === undefined && !flags['dry-run']) requireConfirmations(flags);
    return withBillingBase(io, flags, async (base) => {
      const { infobase, now, found, backupDir } = base;
      const remains = await findBillingRemains(infobase);
      if (remains === undefined) return leave(base, flags['dry-run']);
      const shown = Object.entries(remains).map(([name, count]) => `${name} ${count}`);
      if (flags['dry-run']) {
        const json = { infobase: infobase.name, isDryRun: true, removed: remains };
        return answer(io, flags, { json, lines: `would be destroyed: ${shown.join(', ')}` });
      }
      say(io, flags, `to be destroyed: ${shown.join(', ')}`);
      await confirm(io, 'confirm-infobase', infobase.name, flags['confirm-infobase']);
      await confirm(io, 'confirm-start-date', found.startOn ?? '', flags['confirm-start-date'], readStartDate);
      await confirm(io, 'confirm-destruction', 'destroy', flags['confirm-destruction'] ? 'destroy' : undefined);
      const backupFile = flags.backup ?? join(backupDir, nameDisablingBackup(infobase.name, now));
      const options = { holder: nameRunner(), readMs: Date.now, backupFile, backUp, confirm: confirmations };
      const end = await disableBilling(infobase, now, options);
      if (end.code !== 'done') {
        throw new CommandFailed(explainEnd(end), { code: end.code === 'held' ? 'held' : 'refused' });
      }
      return answer(io, flags, {
        json: { infobase: infobase.name, backupFile, removed: end.removed },
        lines: `billing is off, the stage is online; the backup is ${backupFile}`,
      });
    });
  },
});

/** Where nobody is there to be asked, all three are flags. */
function requireConfirmations(flags: {
  readonly 'confirm-infobase': string | undefined;
  readonly 'confirm-start-date': string | undefined;
  readonly 'confirm-destruction': boolean;
}): void {
  const missing = (Object.keys(questions) as (keyof typeof questions)[]).find(
    (flag) => flags[flag] === undefined || flags[flag] === false,
  );
  if (missing === undefined) return;
  const message = `--${missing} is missing: each of the three confirmations must be given`;
  throw new UsageMistake(message, `--${missing}`);
}

const questions = {
  'confirm-infobase': 'Switching billing off. The name of the infobase: ',
  'confirm-start-date': 'The date that billing began at: ',
  'confirm-destruction': 'All that billing has written is destroyed. Type "destroy": ',
} as const;

const readStartDate = (text: string): string => readDateFlag('confirm-start-date', text);

/** What no flag confirms is asked for, where a person is there to be asked. */
async function confirm(
  io: CommandIo,
  flag: keyof typeof questions,
  expected: string,
  given: string | undefined,
  read: (text: string) => string = (text) => text,
): Promise<void> {
  const typed = given ?? (await io.ask?.(questions[flag])) ?? '';
  if (read(typed) !== expected) {
    const message = `--${flag}: expected "${expected}", got "${typed}"; nothing was done`;
    throw new CommandFailed(message, { field: `--${flag}` });
  }
}

/** Billing is off already; a switching-off that was cut off before it removed anything may have left the tills out. */
async function leave({ infobase }: BillingBase, isDryRun: boolean): Promise<never> {
  const left = await leaveDisabling(infobase, nameRunner(), Date.now(), isDryRun);
  if (left.code !== 'left') throw new CommandFailed('billing is off');
  throw new CommandFailed(`billing is off; tills ${isDryRun ? 'would be' : 'are'} served again`);
}

function explainEnd(end: Exclude<DisablingEnd, { readonly code: 'done' }>): string {
  switch (end.code) {
    case 'refused':
      return end.why;
    case 'held':
      return `another process switches billing on or off now (${end.holder})`;
    case 'no_backup':
      return `no backup could be made, so nothing was removed: ${end.why}`;
  }
}
