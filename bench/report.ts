// The figures of a run as tables: each variant, and the service's ratios beside what it is to reach.
import type { LoadFigures } from './load.ts';
import { callKinds, type CallKind } from './requests.ts';
import type { VariantName } from './servers.ts';

export interface CallFigures extends LoadFigures {
  /** Processor time of the server per call; NaN where the system does not tell it. */
  readonly cpuMicroseconds: number;
  /** The part of one core that the server had. */
  readonly cpuShare: number;
}

export interface Round {
  readonly full: Partial<Record<CallKind, Partial<Record<VariantName, CallFigures>>>>;
  /** The service and the ceiling at the same rate. */
  readonly half: Partial<Record<CallKind, Readonly<Record<'service' | 'ceiling', CallFigures>>>>;
}

export interface Measured {
  readonly cards: number;
  readonly tills: number;
  readonly hasCores: boolean;
  readonly fsyncMs: number;
  /** Why PHP was not measured. */
  readonly phpLack: string | undefined;
  readonly readyMs: number;
  readonly idleBytes: number | undefined;
  readonly busyBytes: number | undefined;
  readonly rounds: readonly Round[];
}

const titles: Readonly<Record<VariantName, string>> = {
  ceiling: 'ceiling: bare http, same SQL, FULL',
  service: 'the service (FULL)',
  serviceNormal: 'the service, synchronous=NORMAL',
  nodeSoapSqlite: 'node-soap + better-sqlite3 (NORMAL)',
  stock: 'express + node-soap + Knex (NORMAL)',
  php: 'PHP SoapServer + SQLite (NORMAL)',
};

/** Ratios of the service to another variant that it is to reach. */
const ratioTargets: readonly { readonly against: VariantName; readonly kind: CallKind; readonly least: number }[] = [
  { against: 'ceiling', kind: 'card', least: 0.6 },
  { against: 'ceiling', kind: 'receipt', least: 0.8 },
  { against: 'serviceNormal', kind: 'receipt', least: 0.85 },
  { against: 'nodeSoapSqlite', kind: 'card', least: 2.2 },
  { against: 'nodeSoapSqlite', kind: 'receipt', least: 2.5 },
  { against: 'stock', kind: 'card', least: 8 },
  { against: 'stock', kind: 'receipt', least: 6 },
  { against: 'php', kind: 'card', least: 2.5 },
  { against: 'php', kind: 'receipt', least: 2 },
];

/** Of the ceiling's own at the same rate: a machine that steals time steals it from both. */
const halfLoadTarget = 1.5;
const readyTargetMs = 1000;
const idleTargetMegabytes = 120;
/** Above it the load's own core, not the server's, sets the rate. */
const greatestBusyShare = 0.95;
/** A card read waits for no disk: with less of its core than this, the server shared it with other work. */
const leastCpuShare = 0.85;

export function findMedian(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

export function writeReport(measured: Measured): string {
  const { cards, tills, fsyncMs, hasCores, rounds } = measured;
  const cores = hasCores ? 'server and load on a core each' : 'server and load share their cores';
  const head = `${cards} cards, ${tills} tills, ${rounds.length} rounds, ${cores}, fsync ${fsyncMs.toFixed(2)} ms, Node ${process.version}`;
  const targets = [...listRatios(measured), ...listLimits(measured)];
  const missed = targets.filter(({ isReached }) => isReached === false).map(({ what }) => what);
  return [
    '',
    head,
    '',
    writeRates(measured),
    '',
    writeTable(['against', 'measured', 'rounds', 'by rate', 'to reach', ''], targets.map(writeTarget)),
    '',
    missed.length === 0 ? 'Every figure is reached.' : `Missed: ${missed.join('; ')}.`,
    ...listWarnings(measured),
  ].join('\n');
}

function listFigures(measured: Measured, kind: CallKind, name: VariantName): CallFigures[] {
  return measured.rounds.flatMap(({ full }) => full[kind]?.[name] ?? []);
}

function writeRates(measured: Measured): string {
  const rows = (Object.keys(titles) as VariantName[]).map((name) => {
    const cells = callKinds.flatMap((kind) => {
      const figures = listFigures(measured, kind, name);
      if (figures.length === 0) return ['-', '-', '-', '-'];
      const median = (pick: (one: CallFigures) => number): number => findMedian(figures.map(pick));
      const rate = Math.round(median((one) => one.callsPerSecond));
      const [p50, p99] = [median((one) => one.p50Ms), median((one) => one.p99Ms)];
      return [median((one) => one.cpuMicroseconds).toFixed(0), String(rate), p50.toFixed(2), p99.toFixed(2)];
    });
    const lack = name === 'php' && measured.phpLack !== undefined ? `, not measured: ${measured.phpLack}` : '';
    return [titles[name] + lack, ...cells];
  });
  return writeTable(
    ['full load', 'card us', 'card/s', 'p50 ms', 'p99 ms', 'receipt us', 'receipt/s', 'p50 ms', 'p99 ms'],
    rows,
  );
}

interface Target {
  readonly what: string;
  readonly measured: string;
  readonly spread: string;
  /** The same ratio by calls a second, which other work on the machine changes. */
  readonly byRate?: string;
  readonly target: string;
  /** Undefined where it was not measured, or could not be because other work had the cores. */
  readonly isReached: boolean | undefined;
}

function writeTarget({ what, measured, spread, byRate = '-', target, isReached }: Target): string[] {
  const verdict = isReached === undefined ? 'not judged' : isReached ? 'reached' : 'MISSED';
  return [what, measured, spread, byRate, target, verdict];
}

/** The two of one round are compared, for the machine drifts between rounds; then the median of the rounds is taken. */
function listRatios(measured: Measured): Target[] {
  const isShared = findCpuShare(measured) < leastCpuShare;
  return ratioTargets.map(({ against, kind, least }) => {
    const pairs = measured.rounds.flatMap(({ full }) => {
      const [own, other] = [full[kind]?.service, full[kind]?.[against]];
      return own === undefined || other === undefined ? [] : [{ own, other }];
    });
    const what = `${kind}: service / ${titles[against]}`;
    const target = `>= ${least}`;
    if (pairs.length === 0) return { what, measured: '-', spread: '-', target, isReached: undefined };
    const byRate = findMedian(pairs.map(({ own, other }) => own.callsPerSecond / other.callsPerSecond));
    const ratios = pairs.map(({ own, other }) => other.cpuMicroseconds / own.cpuMicroseconds);
    const ratio = findMedian(ratios);
    const spread = `${Math.min(...ratios).toFixed(2)}..${Math.max(...ratios).toFixed(2)}`;
    // What FULL costs is a wait for the disk, not processor time.
    const isReached = against !== 'serviceNormal' ? ratio >= least : isShared ? undefined : byRate >= least;
    return { what, measured: ratio.toFixed(2), spread, byRate: byRate.toFixed(2), target, isReached };
  });
}

function listLimits(measured: Measured): Target[] {
  const { readyMs, idleBytes, busyBytes, rounds, tills, cards } = measured;
  const latencies = callKinds.map((kind): Target => {
    const half = rounds.flatMap((round) => round.half[kind] ?? []);
    const ratios = half.map(({ service, ceiling }) => service.p99Ms / ceiling.p99Ms);
    const rate = Math.round(findMedian(half.map(({ service }) => service.callsPerSecond)));
    const [own, ceiling] = [half.map(({ service }) => service.p99Ms), half.map((one) => one.ceiling.p99Ms)];
    const heldUp = findMedian(half.map(({ service }) => service.heldUpShare));
    const note = heldUp < 0.001 ? '' : `, ${(heldUp * 100).toFixed(1)} % left out`;
    const ratio = findMedian(ratios);
    return {
      what: `${kind}: p99 at half load (${rate}/s of ${tills} tills) / the ceiling's`,
      measured: ratio.toFixed(2),
      spread: `${findMedian(own).toFixed(2)} and ${findMedian(ceiling).toFixed(2)} ms${note}`,
      target: `<= ${halfLoadTarget}`,
      isReached: findCpuShare(measured) < leastCpuShare ? undefined : ratio <= halfLoadTarget,
    };
  });
  const megabytes = idleBytes === undefined ? undefined : idleBytes / 1024 ** 2;
  return [
    ...latencies,
    {
      what: `start to ready with ${cards} cards`,
      measured: `${Math.round(readyMs)} ms`,
      spread: '-',
      target: `<= ${readyTargetMs} ms`,
      isReached: readyMs <= readyTargetMs,
    },
    {
      what: 'memory with nothing to do',
      measured: megabytes === undefined ? '-' : `${Math.round(megabytes)} MB`,
      spread: busyBytes === undefined ? '-' : `after load ${Math.round(busyBytes / 1024 ** 2)} MB`,
      target: `<= ${idleTargetMegabytes} MB`,
      isReached: megabytes === undefined ? undefined : megabytes <= idleTargetMegabytes,
    },
  ];
}

function listWarnings(measured: Measured): string[] {
  const busyLoads = (Object.keys(titles) as VariantName[]).flatMap((name) =>
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

/** NaN, which is below nothing, where the system does not tell processor time. */
function findCpuShare(measured: Measured): number {
  return findMedian(listFigures(measured, 'card', 'service').map((one) => one.cpuShare));
}

function writeTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => (row[at] ?? '').length)));
  const writeRow = (row: readonly string[]): string => {
    const cells = row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)));
    return `| ${cells.join(' | ')} |`;
  };
  const rule = `| ${widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [writeRow(head), rule, ...rows.map(writeRow)].join('\n');
}
