// `kkm billing`: switching billing on for an infobase that has receipts, and off again. One process may begin, another may go on.
import { findBillingPace, formatFailed } from './format-billing.ts';
import { pauseEnablingRun } from '../../operations/enabling/pause-enabling.ts';
import type { BillingStatus, EnablingProgress } from '../../operations/enabling/read-billing-status.ts';
import { disable } from './billing-disable.ts';
import { enable, repost, resume } from './billing-enable.ts';
import { answer } from '../answer.ts';
import { CommandFailed, commonFlags, defineCommand, dryRunFlag, runGroup, type CommandIo } from '../command-io.ts';
import { withBillingBase } from './open-billing-base.ts';

const pause = defineCommand({
  usage: '',
  about: 'pauses the switching-on, in whatever process it runs; tills still get 10',
  flags: { ...dryRunFlag, ...commonFlags },
  run: ({ flags }, io) =>
    withBillingBase(io, flags, async ({ infobase }) => {
      const isDryRun = flags['dry-run'];
      if (!(await pauseEnablingRun(infobase, isDryRun))) throw new CommandFailed('billing is not being switched on');
      const json = { infobase: infobase.name, isPaused: !isDryRun, isDryRun };
      return answer(io, flags, { json, lines: isDryRun ? 'would be paused' : 'paused' });
    }),
});

const status = defineCommand({
  usage: '',
  about: 'shows whether billing is on, or how far switching it on has come, with the failed documents and why',
  flags: commonFlags,
  run: ({ flags }, io) =>
    withBillingBase(io, flags, async ({ infobase, found }) =>
      answer(io, flags, { json: { infobase: infobase.name, ...found }, lines: formatStatus(found) }),
    ),
});

export function billing(args: string[], io: CommandIo): Promise<number> {
  return runGroup('kkm billing', { enable, status, pause, continue: resume, repost, disable }, args, io);
}

function formatStatus({ stage, startOn, lastNightOn, exclusive, enabling, holder }: BillingStatus): string[] {
  const isOn = stage === 'billing' && (enabling === null || enabling.phase === 'done');
  const head = isOn ? `billing is on since ${startOn}, nights are done up to ${lastNightOn}` : `the stage is ${stage}`;
  return [
    head,
    ...(exclusive === null ? [] : [`tills get 10 since ${exclusive.sinceAt}: ${exclusive.purpose}`]),
    ...(holder === null ? [] : [`running: ${holder}`]),
    ...(enabling === null ? [] : formatEnabling(enabling, holder !== null)),
  ];
}

function formatEnabling(enabling: EnablingProgress, isAtWork: boolean): string[] {
  const { startOn, phase, documents, counts, failed, nightsDone, nightsDue, isPaused } = enabling;
  const { posted, waiting } = counts;
  const lines = [
    `switching on from ${startOn}: ${phase}${isPaused ? ', paused' : ''}`,
    `documents ${documents}: posted ${posted}, waiting ${waiting}, failed ${counts.failed}; nights ${nightsDone} of ${nightsDue}`,
  ];
  const pace = findBillingPace(enabling);
  if (pace !== undefined) lines.push(pace);
  lines.push(...failed.map(formatFailed));
  if (counts.failed > failed.length) lines.push(`and ${counts.failed - failed.length} more failed ones`);
  if (phase !== 'done' && !isAtWork) lines.push('kkm billing continue goes on');
  return lines;
}
