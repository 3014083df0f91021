// `kkm jobs`: what the service runs by itself for an infobase, when it did and will, and what came of it.
import { listJobs, type JobReport } from '../jobs/list-jobs.ts';
import { commonFlags, defineCommand, runCommand, type CommandIo } from './command-io.ts';
import { obstacleTexts } from './format-night.ts';
import { formatTable } from './format-table.ts';
import { readCommandConfig, withInfobase } from './open-infobase.ts';

const command = defineCommand({
  usage: '',
  about: 'lists the scheduled jobs: schedule, last and next run, result',
  notes: ['Times are those of KKM_TIMEZONE. A running service keeps the schedule; kkm night run needs none.'],
  flags: commonFlags,
  run: ({ flags }, io) => {
    const { nightSchedule, timeZone } = readCommandConfig(io, flags);
    return withInfobase(io, flags, 'existing', async (infobase) => {
      const reports = await listJobs(infobase, nightSchedule, timeZone);
      if (flags.json) io.out(JSON.stringify({ infobase: infobase.name, timeZone, jobs: reports }, null, 2));
      else {
        const rows = reports.map(formatJob);
        for (const line of formatTable(['name', 'schedule', 'last run', 'next run', 'result'], rows)) io.out(line);
      }
      return 0;
    });
  },
});

export function jobs(args: string[], io: CommandIo): Promise<number> {
  return runCommand('kkm jobs', command, args, io);
}

function formatJob({ name, schedule, lastRun, nextRunAt, obstacle }: JobReport): string[] {
  return [name, schedule, lastRun?.startedAt ?? 'never', nextRunAt ?? 'none', formatResult(lastRun, obstacle)];
}

function formatResult(lastRun: JobReport['lastRun'], obstacle: JobReport['obstacle']): string {
  const parts: string[] = [];
  if (lastRun !== null) {
    const { businessOn, result, writeOffLines, accrualLines } = lastRun;
    const state = result === 'done' ? 'done' : 'runs now, or was stopped and goes on with the next run';
    parts.push(`night of ${businessOn} ${state}: «Списание» ${writeOffLines}, «Начисление» ${accrualLines}`);
  }
  if (obstacle !== null) parts.push(`not run: ${obstacleTexts[obstacle]}`);
  return parts.join('; ');
}
