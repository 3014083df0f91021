// What growth costs, as tables: each size beside the smallest one, and whether that is within the goal.
import type { CallFigures } from './measured.ts';
import { findMedian } from './median.ts';
import { callKinds, type CallKind } from './requests.ts';
import { writeTable } from './text-table.ts';
import { decide } from './verdict.ts';

/** Of one size, by rounds. */
export interface GrowthFigures {
  readonly cards: number;
  readonly card: CallFigures[];
  readonly receipt: CallFigures[];
}

interface NightRunFigures {
  readonly cpuMs: number;
  readonly clockMs: number;
  /** Lines of «Списание». */
  readonly burns: number;
}

export interface NightFigures {
  readonly cards: number;
  readonly first: NightRunFigures;
  readonly later: NightRunFigures;
}

const growthGoal = 1.3;
/** Below it the start of a night's thread is the most of its time. */
const leastNightCards = 100_000;

/** How many times the processor time of the smallest size, in the middle of the rounds. */
function compareSizes(smallest: GrowthFigures, size: GrowthFigures, kind: CallKind): number {
  return findMedian(
    size[kind].map((one, round) => one.cpuMicroseconds / (smallest[kind][round]?.cpuMicroseconds ?? Number.NaN)),
  );
}

export function writeGrowth(figures: readonly GrowthFigures[]): string {
  const [smallest] = figures as readonly [GrowthFigures, ...GrowthFigures[]];
  const rows = figures.map((size) => [
    `${size.cards} cards`,
    ...callKinds.flatMap((kind) => {
      const median = (pick: (one: CallFigures) => number): number => findMedian(size[kind].map(pick));
      return [
        median((one) => one.cpuMicroseconds).toFixed(0),
        compareSizes(smallest, size, kind).toFixed(2),
        String(Math.round(median((one) => one.callsPerSecond))),
        median((one) => one.p99Ms).toFixed(2),
      ];
    }),
  ]);
  const head = callKinds.flatMap((kind) => [`${kind} us`, 'ratio', `${kind}/s`, 'p99 ms']);
  return writeTable(['ten movements a card', ...head], rows);
}

/** Microseconds of processor time for each card of the base. */
const perCard = ({ cards, first }: NightFigures): number => (first.cpuMs * 1000) / cards;

/** The night that the others are compared with. */
function findLeastNight(nights: readonly NightFigures[]): NightFigures | undefined {
  return nights.find(({ cards }) => cards >= leastNightCards);
}

function writeNight({ cpuMs, clockMs, burns }: NightRunFigures): string[] {
  return [(cpuMs / 1000).toFixed(2), (clockMs / 1000).toFixed(2), String(burns)];
}

export function writeNights(nights: readonly NightFigures[]): string {
  const least = findLeastNight(nights);
  const rows = nights.map((night) => {
    const isCompared = least !== undefined && night.cards >= least.cards;
    const ratio = isCompared ? (perCard(night) / perCard(least)).toFixed(2) : '-';
    return [
      `${night.cards} cards`,
      ...writeNight(night.first),
      perCard(night).toFixed(2),
      ratio,
      ...writeNight(night.later),
    ];
  });
  const of = ['s of processor', 's by the clock', 'burns'];
  return writeTable(['the first night, and the one after it', ...of, 'us a card', 'ratio', ...of], rows);
}

function writeVerdict(what: string, ratio: number): string {
  const { verdict } = decide(ratio, { sort: 'most', value: growthGoal });
  return `${what}: ${ratio.toFixed(2)} times, goal <= ${growthGoal}: ${verdict}`;
}

/** A line for each size and each figure that is to stay within the goal. */
export function writeGrowthVerdicts(figures: readonly GrowthFigures[], nights: readonly NightFigures[]): string {
  const [smallest, ...larger] = figures as readonly [GrowthFigures, ...GrowthFigures[]];
  const least = findLeastNight(nights);
  return [
    ...larger.flatMap((size) =>
      callKinds.map((kind) =>
        writeVerdict(`${kind} of ${size.cards} cards / of ${smallest.cards}`, compareSizes(smallest, size, kind)),
      ),
    ),
    ...nights
      .filter((night) => least !== undefined && night.cards > least.cards)
      .map((night) =>
        writeVerdict(
          `a card's part of a night, ${night.cards} cards / ${least?.cards}`,
          perCard(night) / perCard(least as NightFigures),
        ),
      ),
  ].join('\n');
}
