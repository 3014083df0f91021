// Everything that is wrong with a binding, collected: a person who writes one mends all of it at once, not a line a start.

/** Mistakes of one part of binding.json, each with its place. */
export class BindingMistakes extends Error {
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('; '));
    this.mistakes = mistakes;
  }
}

export function listMistakes(reason: unknown): readonly string[] {
  return reason instanceof BindingMistakes ? reason.mistakes : [(reason as Error).message];
}

/**
 * Runs every step, whether another fails or not.
 * @throws BindingMistakes with those of all the steps that failed.
 */
export function gather<T>(steps: readonly (() => T)[]): T[] {
  const mistakes: string[] = [];
  const values: T[] = [];
  for (const step of steps) {
    try {
      values.push(step());
    } catch (reason) {
      mistakes.push(...listMistakes(reason));
    }
  }
  if (mistakes.length > 0) throw new BindingMistakes(mistakes);
  return values;
}

/** Runs a step, and names the part of binding.json where it failed. */
export function at<T>(place: string, step: () => T): T {
  try {
    return step();
  } catch (reason) {
    throw new BindingMistakes(listMistakes(reason).map((mistake) => `${place}: ${mistake}`));
  }
}
