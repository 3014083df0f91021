// `kkm billing enable, continue, repost`: one run of the switching-on, with its progress and its end told.
import { nameRunner } from '../jobs/name-runner.ts';
import { dateOf, type LocalDate } from '../ledger/local-date-time.ts';
import {
  continueEnabling,
  enableBilling,
  repostDocuments,
  type EnablingEnd,
  type EnablingOptions,
} from '../operations/enable-billing.ts';
import { previewEnabling } from '../operations/read-billing-status.ts';
import { CommandFailed, commonFlags, defineCommand, dryRunFlag, UsageMistake, type CommandIo } from './command-io.ts';
import { findBillingPace, formatFailed } from './format-billing.ts';
import { showNightProgress } from './format-night.ts';
import { withBillingBase, type BillingBase } from './open-billing-base.ts';
import { readDateFlag } from './read-date-flag.ts';
import { withStop } from './with-stop.ts';

export const enable = defineCommand({
  usage: '--start-date D',
  about: 'switches billing on over live history: opening balances, then every receipt since, with the nights between',
  notes: [
    'The start date is today or past; all receipts and shift reports must be there. Tills get 10 until it is finished.',
    'Paused, stopped by Ctrl+C or killed, kkm billing continue brings it to the same end.',
  ],
  flags: {
    'start-date': {
      takes: 'D',
      about: 'the first date whose receipts move the balances of billing: 2026-11-01 or 01.11.2026',
    },
    ...dryRunFlag,
    ...commonFlags,
  },
  run: ({ flags }, io) =>
    withBillingBase(io, flags, async (base) => {
      const { infobase, now, nightTime } = base;
      const startOn = readStart(flags['start-date'], dateOf(now));
      const found = await previewEnabling(infobase, now, startOn, nightTime);
      if (!found.ok) throw new CommandFailed(found.why);
      const { cards, receiptsBefore, receiptsSince, nights } = found;
      if (!flags['dry-run']) {
        return run(base, io, flags.json, (options) => enableBilling(infobase, now, startOn, options));
      }
      if (flags.json) {
        const head = { infobase: infobase.name, isDryRun: true, startOn };
        io.out(JSON.stringify({ ...head, cards, receiptsBefore, receiptsSince, nights }, null, 2));
      } else {
        io.out(`cards with an opening balance: ${cards}; receipts before ${startOn}: ${receiptsBefore}`);
        io.out(`receipts to post again: ${receiptsSince}; nights to run: ${nights}`);
      }
      return 0;
    }),
});

export const resume = defineCommand({
  usage: '',
  about: 'goes on switching billing on after a pause, Ctrl+C or a kill',
  flags: commonFlags,
  run: ({ flags }, io) =>
    withBillingBase(io, flags, (base) =>
      run(base, io, flags.json, (options) => continueEnabling(base.infobase, base.now, options)),
    ),
});

export const repost = defineCommand({
  usage: 'RECEIPT',
  about: 'posts the failed document of a receipt again ("failed": all of them), and goes on where nothing else waits',
  notes: ['RECEIPT is the number that kkm billing status shows before the failed receipt.'],
  takes: ['RECEIPT'],
  flags: commonFlags,
  run: ({ flags, values: [which = ''] }, io) => {
    if (which !== 'failed' && !/^\d{1,15}$/.test(which)) {
      throw new UsageMistake(`RECEIPT: expected the number of a receipt, or "failed", got "${which}"`);
    }
    const target = which === 'failed' ? which : { receiptId: Number(which) };
    return withBillingBase(io, flags, (base) =>
      run(base, io, flags.json, (options) => repostDocuments(base.infobase, base.now, target, options)),
    );
  },
});

function readStart(text: string | undefined, today: LocalDate): LocalDate {
  if (text === undefined) {
    // SEED: «предлагается установить дату начала на первое число текущего месяца».
    throw new UsageMistake(`--start-date D is missing; the first of the month is usual: ${today.slice(0, 8)}01`);
  }
  return readDateFlag('start-date', text);
}

async function run(
  base: BillingBase,
  io: CommandIo,
  isJson: boolean,
  begin: (options: EnablingOptions) => Promise<EnablingEnd>,
): Promise<number> {
  const { infobase, nightTime } = base;
  let done = base.found.enabling?.counts.posted ?? 0;
  let documents = base.found.enabling?.documents ?? 0;
  const end = await withStop((shouldStop) =>
    begin({
      holder: nameRunner(),
      readMs: Date.now,
      nightTime,
      shouldStop,
      onOpening: (opened) => {
        ({ documents } = opened);
        if (!isJson) io.out(`opening balances: ${opened.cards} cards; receipts to post again: ${documents}`);
      },
      onPosted: (posted) => {
        done += posted;
        io.showProgress?.(`posted ${done} of ${documents} (${Math.floor((100 * done) / Math.max(1, documents))} %)`);
      },
      onNightProgress: showNightProgress(io),
    }),
  );
  io.showProgress?.('');
  const standing = await base.readAgain();
  const { enabling } = standing;
  if (isJson) io.out(JSON.stringify({ infobase: infobase.name, end, ...standing }, null, 2));
  if (end.code !== 'done') {
    if (end.code === 'failed') for (const item of enabling?.failed ?? []) io.err(formatFailed(item));
    throw new CommandFailed(explainEnd(end));
  }
  if (!isJson) {
    io.out(
      `billing is on since ${standing.startOn}: ${documents} receipts posted, nights done up to ${standing.lastNightOn}`,
    );
    const pace = enabling === null ? undefined : findBillingPace(enabling);
    if (pace !== undefined) io.out(pace);
  }
  return 0;
}

function explainEnd(end: Exclude<EnablingEnd, { readonly code: 'done' }>): string {
  switch (end.code) {
    case 'refused':
      return end.why;
    case 'held':
      return `another process is at it (${end.holder}); one that was killed is forgotten after 15 seconds`;
    case 'paused':
      return 'paused; tills still get 10. kkm billing continue goes on';
    case 'stopped':
      return 'stopped; tills still get 10. kkm billing continue goes on';
    case 'failed':
      return 'some documents have failed; tills still get 10. kkm billing repost posts them again';
    case 'no_subscription':
      return 'there is no extended subscription (KKM_SUBSCRIPTION), which billing asks for';
  }
}
