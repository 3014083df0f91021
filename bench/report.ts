// The figures of a run as tables: each server, and the service's ratios beside what it is to reach.
import { findCpuShare, judge, leastCpuShare, type Judged } from './goals.ts';
import { longCalls, type CallFigures, type Measured } from './measured.ts';
import { findMedian } from './median.ts';
import { callKinds, type CallKind } from './requests.ts';
import type { ServerName } from './servers.ts';
import { writeTable } from './text-table.ts';
import { listServers, longTitles, titleOf } from './titles.ts';

/** Above it the load's own core, not the server's, sets the rate. */
const greatestBusyShare = 0.95;

export function writeReport(measured: Measured): string {
  const { cards, tills, fsyncMs, hasCores, rounds } = measured;
  const cores = hasCores ? 'server and load on a core each' : 'server and load share their cores';
  const head = `${cards} cards, ${tills} tills, ${rounds.length} rounds, ${cores}, fsync ${fsyncMs.toFixed(2)} ms, Node ${process.version}`;
  const judged = judge(measured);
  const missed = judged.filter(({ isReached }) => isReached === false);
  return [
    '',
    head,
    '',
    writeRates(measured),
    '',
    writeLongCalls(measured),
    '',
    writeTable(['against', 'measured', 'rounds', 'by rate', 'to reach', ''], judged.map(writeJudged)),
    '',
    missed.length === 0 ? 'Every figure is reached.' : writeMissed(missed),
    ...listWarnings(measured),
  ].join('\n');
}

function writeJudged({ what, measured, spread, byRate, goal, verdict }: Judged): string[] {
  return [what, measured, spread, byRate, goal, verdict];
}

function writeMissed(missed: readonly Judged[]): string {
  const lines = missed.map(({ what, goal, verdict }) => `  ${what}: ${goal}, ${verdict.replace('MISSED ', '')}`);
  return ['Missed:', ...lines].join('\n');
}

function listFigures({ rounds }: Measured, kind: CallKind, name: ServerName): CallFigures[] {
  return rounds.flatMap(({ full }) => full[kind]?.[name] ?? []);
}

/** Microseconds, calls a second, p50 and p99. */
function writeFigures(figures: readonly CallFigures[]): string[] {
  if (figures.length === 0) return ['-', '-', '-', '-'];
  const median = (pick: (one: CallFigures) => number): number => findMedian(figures.map(pick));
  const rate = Math.round(median((one) => one.callsPerSecond));
  const [p50, p99] = [median((one) => one.p50Ms), median((one) => one.p99Ms)];
  return [median((one) => one.cpuMicroseconds).toFixed(0), String(rate), p50.toFixed(2), p99.toFixed(2)];
}

function writeRates(measured: Measured): string {
  const rows = listServers(measured).map((name) => {
    const lack = name === 'php' && measured.phpLack !== undefined ? `, not measured: ${measured.phpLack}` : '';
    return [titleOf(name) + lack, ...callKinds.flatMap((kind) => writeFigures(listFigures(measured, kind, name)))];
  });
  return writeTable(
    ['full load', 'card us', 'card/s', 'p50 ms', 'p99 ms', 'receipt us', 'receipt/s', 'p50 ms', 'p99 ms'],
    rows,
  );
}

function writeLongCalls({ rounds }: Measured): string {
  const rows = longCalls.map((name) => {
    const figures = rounds.flatMap(({ long }) => long[name] ?? []);
    return [longTitles[name], ...writeFigures(figures)];
  });
  return writeTable(['one card of many rows', 'us', 'calls/s', 'p50 ms', 'p99 ms'], rows);
}

function listWarnings(measured: Measured): string[] {
  const busyLoads = listServers(measured).flatMap((name) =>
    callKinds.flatMap((kind) => {
      const busy = findMedian(listFigures(measured, kind, name).map((one) => one.busyShare));
      if (!(busy > greatestBusyShare)) return [];
      return `The load itself was the limit of ${name}, ${kind}: it used ${Math.round(busy * 100)} % of its core.`;
    }),
  );
  const share = findCpuShare(measured);
  if (!(share < leastCpuShare)) return busyLoads;
  return [
    ...busyLoads,
    `Other work had the cores: the service got ${Math.round(share * 100)} % of one under full load of card reads.`,
    'Latencies, and what FULL costs, are therefore not judged.',
  ];
}
