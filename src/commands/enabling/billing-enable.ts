// `kkm billing enable, continue, repost`: one run of the switching-on, with its progress and its end.
import { nameRunner } from '../../jobs/name-runner.ts';
import {
  continueEnabling,
  enableBilling,
  repostDocuments,
  type Repost,
} from '../../operations/enabling/enable-billing.ts';
import type { EnablingEnd, EnablingOptions } from '../../operations/enabling/enabling-steps.ts';
import { previewEnabling } from '../../operations/enabling/read-billing-status.ts';
import { rehearseEnabling } from '../../operations/enabling/rehearse-enabling.ts';
import { answer, say } from '../answer.ts';
import { CommandFailed, commonFlags, defineCommand, dryRunFlag, UsageMistake, type CommandIo } from '../command-io.ts';
import { countOf } from '../../ledger/count-of.ts';
import { findBillingPace, formatFailed } from './format-billing.ts';
import { showNightProgress } from '../night/format-night.ts';
import { withBillingBase, type BillingBase } from './open-billing-base.ts';
import { withInfobase, type InfobaseFlags } from '../open-infobase.ts';
import { readNumber } from '../read-number-flag.ts';
import { readDateFlag } from '../read-date-flag.ts';
import { addRemedy, refusedBy } from '../refused-by.ts';
import { withStop } from '../with-stop.ts';

export const enable = defineCommand({
  usage: '--start-date D',
  about: 'switches billing on: opening balances, then every receipt since the start date, with the nights in between',
  notes: [
    'The start date is today or earlier; all receipts and shift reports must be loaded. Tills get 10 until it is finished.',
    'After a pause, Ctrl+C or a kill, kkm billing continue goes on to the same result.',
  ],
  flags: {
    'start-date': {
      takes: 'D',
      about: 'the first date whose receipts count in billing: 2026-11-01 or 01.11.2026',
    },
    ...dryRunFlag,
    ...commonFlags,
  },
  run: async ({ flags }, io) => {
    const text = flags['start-date'];
    if (text === undefined) throw await suggestStart(io, flags);
    const startOn = readDateFlag('start-date', text);
    return withBillingBase(io, flags, async (base) => {
      const { infobase, now, nightTime } = base;
      const found = await previewEnabling(infobase, now, startOn, nightTime);
      if (!found.ok) throw refusedBy(found, { startOn: '--start-date' });
      const { cards, receiptsBefore, receiptsSince, nights } = found;
      if (!flags['dry-run']) {
        return run(base, io, flags, (options) => enableBilling(infobase, now, startOn, options));
      }
      return answer(io, flags, {
        json: { infobase: infobase.name, isDryRun: true, startOn, cards, receiptsBefore, receiptsSince, nights },
        lines: [
          `cards with an opening balance: ${cards}; receipts before ${startOn}: ${receiptsBefore}`,
          `receipts to post again: ${receiptsSince}; nights to run: ${nights}`,
        ],
      });
    });
  },
});

export const resume = defineCommand({
  usage: '',
  about: 'goes on with switching billing on after a pause, Ctrl+C or a kill',
  flags: { ...dryRunFlag, ...commonFlags },
  run: ({ flags }, io) =>
    withBillingBase(io, flags, (base) =>
      flags['dry-run']
        ? tryRun(base, io, flags, undefined)
        : run(base, io, flags, (options) => continueEnabling(base.infobase, base.now, options)),
    ),
});

export const repost = defineCommand({
  usage: 'RECEIPT',
  about: 'posts the failed document of a receipt again ("failed": all of them), and goes on if nothing else waits',
  notes: [
    'RECEIPT is the number before the failed receipt in kkm billing status. --dry-run posts each failed document',
    'by itself and undoes it, and shows which would fail again, and why.',
  ],
  takes: ['RECEIPT'],
  flags: { ...dryRunFlag, ...commonFlags },
  run: ({ flags, values: [which = ''] }, io) => {
    const what = 'the number of a receipt, or "failed"';
    const target = which === 'failed' ? which : { receiptId: readNumber('RECEIPT', which, what) };
    return withBillingBase(io, flags, (base) =>
      flags['dry-run']
        ? tryRun(base, io, flags, target)
        : run(base, io, flags, (options) => repostDocuments(base.infobase, base.now, target, options)),
    );
  },
});

/** The requirement: «предлагается установить дату начала на первое число текущего месяца», by the clock of the infobase. */
async function suggestStart(io: CommandIo, flags: InfobaseFlags): Promise<UsageMistake> {
  const readMonth = withInfobase(io, flags, 'existing', async (_infobase, clock) => clock.now().slice(0, 8));
  // Whatever else is wrong, the flag is missing.
  const month = await readMonth.catch(() => undefined);
  const usual = month === undefined ? '' : `; the first of the month is usual: ${month}01`;
  return new UsageMistake(`--start-date D is missing${usual}`, '--start-date');
}

interface RunFlags {
  readonly json: boolean;
}

/** What going on would find; nothing of it stays. */
async function tryRun(
  { infobase, now, nightTime }: BillingBase,
  io: CommandIo,
  flags: RunFlags,
  which: Repost | undefined,
): Promise<number> {
  const options = { holder: nameRunner(), readMs: Date.now, nightTime, ...(which === undefined ? {} : { which }) };
  const found = await rehearseEnabling(infobase, now, options);
  if (found.code !== 'ready') throw failEnd(found, {});
  const { waiting, mended, failing } = found;
  const tried = `of those that had failed: ${mended} would be posted, ${failing.length} would fail again`;
  return answer(io, flags, {
    json: { infobase: infobase.name, isDryRun: true, waiting, mended, failing },
    lines: [
      `documents that would be posted: ${waiting}`,
      ...(which === undefined ? [] : [tried]),
      ...failing.map(({ receiptId, why }) => `${receiptId} would fail: ${why}`),
    ],
  });
}

async function run(
  base: BillingBase,
  io: CommandIo,
  flags: RunFlags,
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
        const opening = `opening balances: ${countOf(opened.cards, 'card')}; receipts to post again: ${documents}`;
        say(io, flags, opening);
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
  if (end.code !== 'done') {
    if (end.code === 'failed') for (const item of enabling?.failed ?? []) io.err(formatFailed(item));
    throw failEnd(end, { infobase: infobase.name, end, ...standing });
  }
  const pace = enabling === null ? undefined : findBillingPace(enabling);
  const posted = `${countOf(documents, 'receipt')} posted, nights done up to ${standing.lastNightOn}`;
  return answer(io, flags, {
    json: { infobase: infobase.name, end, ...standing },
    lines: [`billing is on since ${standing.startOn}: ${posted}`, ...(pace === undefined ? [] : [pace])],
  });
}

function failEnd(end: Exclude<EnablingEnd, { readonly code: 'done' }>, details: object): CommandFailed {
  const isStopped = end.code === 'stopped' || end.code === 'paused';
  const code = isStopped ? 'stopped' : end.code === 'held' ? 'held' : 'refused';
  return new CommandFailed(explainEnd(end), { code, details });
}

function explainEnd(end: Exclude<EnablingEnd, { readonly code: 'done' }>): string {
  switch (end.code) {
    case 'refused':
      return addRemedy(end);
    case 'held':
      return `another process is doing it (${end.holder}); one that was killed is given up after 15 seconds`;
    case 'paused':
      return 'paused; tills still get 10. kkm billing continue goes on';
    case 'stopped':
      return 'stopped; tills still get 10. kkm billing continue goes on';
    case 'failed':
      return 'some documents have failed; tills still get 10. kkm billing repost posts them again';
    case 'no_subscription':
      return 'there is no extended subscription (KKM_SUBSCRIPTION), which billing needs';
  }
}
