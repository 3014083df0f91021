// Work on a long text that stops after every so many characters: whoever runs it may let others in before it goes on.
export type Sliced<T> = Generator<undefined, T, undefined>;

/** Of the text read between two stops; in the form that costs the most this takes some milliseconds. */
export const sliceCharacters = 128 * 1024;

/** Without a stop. */
export function finish<T>(work: Sliced<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
