// Aligns two lists of children, so that one missing element is one difference and not many. Elements found exactly once on
// both sides are anchors; only the gaps between anchors are compared pair by pair.

/** Indexes into the two lists; null means that the element of the other list has no partner. */
export type Pair = { readonly expected: number | null; readonly actual: number | null };

export type Sides = {
  /** Equal numbers = equal content (except masked places). */
  readonly expectedIds: readonly number[];
  readonly actualIds: readonly number[];
  /** Only elements with the same local name are paired. */
  readonly expectedNames: readonly string[];
  readonly actualNames: readonly string[];
  /** The share that differs between two elements of one name, 0 to 1. */
  readonly distance: (expected: number, actual: number) => number;
};

// A pair with nothing in common costs 1. Two unpaired elements cost more than that, so one changed element stays one
// pair; but less than two such pairs, so what follows an inserted element is paired correctly. And if only one element was
// removed or added, leaving just that one unpaired always costs least: every other way costs 0.75 as well, and more.
const costOfUnpaired = 0.75;

// Beyond this the table of pairs takes seconds: a card list in which every card changed is paired in order instead.
const mostCells = 20_000;

/** Pairs in the order of the lists, extra elements after the pair they follow. */
export function alignLists(sides: Sides): Pair[] {
  const pairs: Pair[] = [];
  let expectedFrom = 0;
  let actualFrom = 0;
  for (const [expected, actual] of findAnchors(sides.expectedIds, sides.actualIds)) {
    for (const pair of alignGap(sides, [expectedFrom, expected], [actualFrom, actual])) pairs.push(pair);
    pairs.push({ expected, actual });
    expectedFrom = expected + 1;
    actualFrom = actual + 1;
  }
  const rest = alignGap(sides, [expectedFrom, sides.expectedIds.length], [actualFrom, sides.actualIds.length]);
  return pairs.concat(rest);
}

function indexOfUnique(ids: readonly number[]): Map<number, number> {
  const places = new Map<number, number>();
  for (const [index, id] of ids.entries()) places.set(id, places.has(id) ? -1 : index);
  return places;
}

/** The longest run of elements that are unique on both sides and in the same order (patience, n log n). */
function findAnchors(expectedIds: readonly number[], actualIds: readonly number[]): (readonly [number, number])[] {
  const expectedAt = indexOfUnique(expectedIds);
  const actualAt = indexOfUnique(actualIds);
  type Link = { readonly pair: readonly [number, number]; readonly before: Link | undefined };
  const tails: Link[] = [];
  for (const [index, id] of expectedIds.entries()) {
    const other = actualAt.get(id);
    if (other === undefined || other < 0 || expectedAt.get(id) !== index) continue;
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((tails[middle]?.pair[1] ?? 0) < other) low = middle + 1;
      else high = middle;
    }
    tails[low] = { pair: [index, other], before: tails[low - 1] };
  }
  const anchors: (readonly [number, number])[] = [];
  for (let link = tails.at(-1); link !== undefined; link = link.before) anchors.push(link.pair);
  return anchors.toReversed();
}

type Range = readonly [from: number, to: number];

function alignGap(sides: Sides, expected: Range, actual: Range): Pair[] {
  const rows = expected[1] - expected[0];
  const columns = actual[1] - actual[0];
  if (rows === 0 || columns === 0 || rows * columns > mostCells) return pairInOrder(sides, expected, actual);
  // A single pair needs no comparison; this also keeps a deep chain of single children linear.
  if (rows === 1 && columns === 1) return pairInOrder(sides, expected, actual);
  return pairByCost(sides, expected, actual);
}

function pairInOrder(sides: Sides, expected: Range, actual: Range): Pair[] {
  const waiting = new Map<string, number[]>();
  for (let index = actual[1] - 1; index >= actual[0]; index--) {
    const name = sides.actualNames[index] ?? '';
    const list = waiting.get(name);
    if (list === undefined) waiting.set(name, [index]);
    else list.push(index);
  }
  const pairs: Pair[] = [];
  for (let index = expected[0]; index < expected[1]; index++) {
    pairs.push({ expected: index, actual: waiting.get(sides.expectedNames[index] ?? '')?.pop() ?? null });
  }
  const left = [...waiting.values()].flat().toSorted((a, b) => a - b);
  return [...pairs, ...left.map((index) => ({ expected: null, actual: index }))];
}

const pairStep = 1;
const missingStep = 2;
const extraStep = 3;

// Edit distance over the gap, from its end backwards, so that the way back is read from its start.
function pairByCost(sides: Sides, expected: Range, actual: Range): Pair[] {
  const rows = expected[1] - expected[0];
  const columns = actual[1] - actual[0];
  const width = columns + 1;
  const costs = new Float64Array((rows + 1) * width);
  const steps = new Uint8Array((rows + 1) * width);
  const costAt = (row: number, column: number): number => costs[row * width + column] ?? 0;
  for (let row = rows; row >= 0; row--) {
    for (let column = columns; column >= 0; column--) {
      if (row === rows && column === columns) continue;
      let best = Number.POSITIVE_INFINITY;
      let step = pairStep;
      const [e, a] = [expected[0] + row, actual[0] + column];
      if (row < rows && column < columns && sides.expectedNames[e] === sides.actualNames[a]) {
        const same = sides.expectedIds[e] === sides.actualIds[a];
        best = costAt(row + 1, column + 1) + (same ? 0 : sides.distance(e, a));
      }
      const missing = row < rows ? costAt(row + 1, column) + costOfUnpaired : Number.POSITIVE_INFINITY;
      const extra = column < columns ? costAt(row, column + 1) + costOfUnpaired : Number.POSITIVE_INFINITY;
      if (missing < best) [best, step] = [missing, missingStep];
      if (extra < best) [best, step] = [extra, extraStep];
      costs[row * width + column] = best;
      steps[row * width + column] = step;
    }
  }
  const pairs: Pair[] = [];
  for (let row = 0, column = 0; row < rows || column < columns;) {
    const step = steps[row * width + column];
    pairs.push({
      expected: step === extraStep ? null : expected[0] + row,
      actual: step === missingStep ? null : actual[0] + column,
    });
    if (step !== extraStep) row++;
    if (step !== missingStep) column++;
  }
  return pairs;
}
