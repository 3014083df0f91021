// What the service is to reach, and whether a run did. Two figures of one round are compared, because the machine drifts
// between rounds; then the median of the rounds is taken.
import type { CallFigures, Measured, Round } from './measured.ts';
import { findMedian } from './median.ts';
import { callKinds, type CallKind } from './requests.ts';
import type { ServerName, VariantName } from './servers.ts';
import { listServers, titleOf } from './titles.ts';
import { decide, notJudged, type Verdict } from './verdict.ts';

export interface Judged extends Verdict {
  readonly what: string;
  readonly measured: string;
  /** Between which figures it was, or what else there is to see. */
  readonly spread: string;
  /** The same ratio by calls a second, which other work on the machine changes. */
  readonly byRate: string;
  readonly goal: string;
}

/** A card read waits for no disk: with less of its core than this, the server shared it with other work. */
export const leastCpuShare = 0.85;
/** Of the ceiling's own at the same rate: a machine that steals time steals it from both. */
const halfLoadGoal = 1.5;
const readyGoalMs = 800;
const idleGoalMegabytes = 100;

/** How many times faster than another variant the service is to be. */
const speedGoals: readonly { readonly against: VariantName; readonly kind: CallKind; readonly least: number }[] = [
  { against: 'ceiling', kind: 'card', least: 0.6 },
  { against: 'ceiling', kind: 'receipt', least: 0.8 },
  { against: 'nodeSoapSqlite', kind: 'card', least: 2.2 },
  { against: 'nodeSoapSqlite', kind: 'receipt', least: 2.5 },
  { against: 'stock', kind: 'card', least: 8 },
  { against: 'stock', kind: 'receipt', least: 6 },
  { against: 'php', kind: 'card', least: 2.5 },
  { against: 'php', kind: 'receipt', least: 2 },
  { against: 'serviceNormal', kind: 'receipt', least: 0.85 },
];

/** How many times as much as a usual call another one may cost; without a goal it is shown only. */
const costGoals: readonly {
  readonly what: string;
  readonly own: (round: Round) => CallFigures | undefined;
  readonly usual: (round: Round) => CallFigures | undefined;
  readonly most?: number;
}[] = [
  {
    what: 'card: stage billing / online',
    own: ({ full }) => full.card?.billing,
    usual: ({ full }) => full.card?.service,
    most: 1.5,
  },
  {
    what: 'card: 1,000 rows of A in stage billing / online',
    own: ({ long }) => long.richCard,
    usual: ({ full }) => full.card?.service,
    most: 3,
  },
  {
    what: 'receipt: stage billing / online',
    own: ({ full }) => full.receipt?.billing,
    usual: ({ full }) => full.receipt?.service,
  },
  {
    what: 'operations of one day in 10,000 / the latest ten, online',
    own: ({ long }) => long.dayOnline,
    usual: ({ long }) => long.tenOnline,
    most: 2,
  },
  {
    what: 'operations of one day in 10,000 / the latest ten, billing',
    own: ({ long }) => long.dayBilling,
    usual: ({ long }) => long.tenBilling,
    most: 2,
  },
];

export function judge(measured: Measured): Judged[] {
  return [
    ...judgeSpeed(measured),
    ...costGoals.map(({ what, own, usual, most }) => judgeCost(measured, what, own, usual, most)),
    ...judgeTails(measured),
    ...judgeStart(measured),
    ...compareNodes(measured),
  ];
}

/** NaN, which is below nothing, where the system does not tell processor time. */
export function findCpuShare({ rounds }: Measured): number {
  return findMedian(rounds.flatMap(({ full }) => full.card?.service?.cpuShare ?? []));
}

const onlyShown = { goal: '-', verdict: '-', isReached: undefined } as const;

interface Ratios {
  readonly ratio: number;
  readonly byRate: number;
  readonly shown: Pick<Judged, 'measured' | 'spread' | 'byRate'>;
}

/** How many times the processor time of `other` is that of `own`, and how many times as many calls `own` answers. */
function compare(
  rounds: readonly Round[],
  own: (round: Round) => CallFigures | undefined,
  other: (round: Round) => CallFigures | undefined,
): Ratios | undefined {
  const pairs = rounds.flatMap((round) => {
    const [first, second] = [own(round), other(round)];
    return first === undefined || second === undefined ? [] : [{ first, second }];
  });
  if (pairs.length === 0) return undefined;
  const ratios = pairs.map(({ first, second }) => second.cpuMicroseconds / first.cpuMicroseconds);
  const ratio = findMedian(ratios);
  const byRate = findMedian(pairs.map(({ first, second }) => first.callsPerSecond / second.callsPerSecond));
  const spread = `${Math.min(...ratios).toFixed(2)}..${Math.max(...ratios).toFixed(2)}`;
  return { ratio, byRate, shown: { measured: ratio.toFixed(2), spread, byRate: byRate.toFixed(2) } };
}

const unmeasured = { measured: '-', spread: '-', byRate: '-' } as const;

function judgeSpeed(measured: Measured): Judged[] {
  const isShared = findCpuShare(measured) < leastCpuShare;
  return speedGoals.map(({ against, kind, least }) => {
    const what = `${kind}: service / ${titleOf(against)}`;
    const goal = `>= ${least}`;
    const ratios = compare(
      measured.rounds,
      ({ full }) => full[kind]?.service,
      ({ full }) => full[kind]?.[against],
    );
    if (ratios === undefined) return { what, ...unmeasured, goal, ...notJudged };
    // What FULL costs is a wait for the disk, not processor time.
    const figure = against === 'serviceNormal' ? (isShared ? Number.NaN : ratios.byRate) : ratios.ratio;
    return { what, ...ratios.shown, goal, ...decide(figure, { sort: 'least', value: least }) };
  });
}

function judgeCost(
  { rounds }: Measured,
  what: string,
  own: (round: Round) => CallFigures | undefined,
  usual: (round: Round) => CallFigures | undefined,
  most: number | undefined,
): Judged {
  const ratios = compare(rounds, usual, own);
  const goal = most === undefined ? '-' : `<= ${most}`;
  if (ratios === undefined) return { what, ...unmeasured, goal, ...notJudged };
  if (most === undefined) return { what, ...ratios.shown, ...onlyShown };
  return { what, ...ratios.shown, goal, ...decide(ratios.ratio, { sort: 'most', value: most }) };
}

function judgeTails(measured: Measured): Judged[] {
  const isShared = findCpuShare(measured) < leastCpuShare;
  return callKinds.map((kind) => {
    const half = measured.rounds.flatMap((round) => round.half[kind] ?? []);
    const ratio = findMedian(half.map(({ service, ceiling }) => service.p99Ms / ceiling.p99Ms));
    const rate = Math.round(findMedian(half.map(({ service }) => service.callsPerSecond)));
    const [own, ceiling] = [half.map(({ service }) => service.p99Ms), half.map((one) => one.ceiling.p99Ms)];
    const heldUp = findMedian(half.map(({ service }) => service.heldUpShare));
    const note = heldUp < 0.001 ? '' : `, ${(heldUp * 100).toFixed(1)} % left out`;
    return {
      what: `${kind}: p99 at half load (${rate}/s of ${measured.tills} tills) / the ceiling's`,
      measured: ratio.toFixed(2),
      spread: `${findMedian(own).toFixed(2)} and ${findMedian(ceiling).toFixed(2)} ms${note}`,
      byRate: '-',
      goal: `<= ${halfLoadGoal}`,
      ...decide(isShared ? Number.NaN : ratio, { sort: 'most', value: halfLoadGoal }),
    };
  });
}

function judgeStart({ cards, readyMs, idleBytes, busyBytes }: Measured): Judged[] {
  const megabytes = (idleBytes ?? Number.NaN) / 1024 ** 2;
  return [
    {
      what: `start to ready with ${cards} cards`,
      measured: `${Math.round(readyMs)} ms`,
      spread: '-',
      byRate: '-',
      goal: `<= ${readyGoalMs} ms`,
      ...decide(readyMs, { sort: 'most', value: readyGoalMs }),
    },
    {
      what: 'memory with nothing to do',
      measured: idleBytes === undefined ? '-' : `${Math.round(megabytes)} MB`,
      spread: busyBytes === undefined ? '-' : `after load ${Math.round(busyBytes / 1024 ** 2)} MB`,
      byRate: '-',
      goal: `<= ${idleGoalMegabytes} MB`,
      ...decide(megabytes, { sort: 'most', value: idleGoalMegabytes }),
    },
  ];
}

/** The service on other Node releases: how many times as fast as on the running one. */
function compareNodes(measured: Measured): Judged[] {
  const releases = listServers(measured).filter((name) => name.startsWith('Node '));
  return releases.flatMap((name: ServerName) =>
    callKinds.map((kind) => {
      const ratios = compare(
        measured.rounds,
        ({ full }) => full[kind]?.[name],
        ({ full }) => full[kind]?.service,
      );
      const what = `${kind}: service on ${name} / on Node ${process.versions.node}`;
      return { what, ...(ratios?.shown ?? unmeasured), ...onlyShown };
    }),
  );
}
