// Pairs what is wanted with what there is, the surest pair first; each is used once.

export interface Pair<W, P> {
  readonly wanted: W;
  readonly place: P;
  readonly score: number;
  readonly phrase: string;
}

const onlyText = 0.5;

/** The text of an element has no name of its own: it is the one text that is wanted and has no place. */
export function matchOwnTexts<W extends { readonly kind: string }, P extends { readonly path: string }>(
  wanted: readonly W[],
  places: readonly P[],
  pairs: readonly Pair<W, P>[],
): Pair<W, P>[] {
  const texts = wanted.filter((one) => one.kind === 'text' && !pairs.some((pair) => pair.wanted === one));
  const left = places.filter(
    (place) => (place.path === '#text' || place.path.endsWith('/#text')) && !pairs.some((pair) => pair.place === place),
  );
  const [one] = texts;
  const [place] = left;
  if (one === undefined || place === undefined || texts.length > 1 || left.length > 1) return [];
  return [{ wanted: one, place, score: onlyText, phrase: 'the only text left' }];
}

/** Below it two names have nothing in common. */
export const leastScore = 0.5;

export function matchAll<W, P>(
  wanted: readonly W[],
  places: readonly P[],
  score: (one: W, place: P) => { readonly score: number; readonly phrase: string },
): Pair<W, P>[] {
  const pairs = wanted.flatMap((one) =>
    places.map((place): Pair<W, P> => ({ wanted: one, place, ...score(one, place) })),
  );
  const usedWanted = new Set<W>();
  const usedPlaces = new Set<P>();
  // Equal scores keep the order of the fields and of the schema.
  const sorted = pairs.filter((pair) => pair.score >= leastScore).toSorted((a, b) => b.score - a.score);
  return sorted.filter(({ wanted: one, place }) => {
    if (usedWanted.has(one) || usedPlaces.has(place)) return false;
    usedWanted.add(one);
    usedPlaces.add(place);
    return true;
  });
}
