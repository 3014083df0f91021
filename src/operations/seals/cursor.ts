// Reads one thing after the other from pieces that come later: the next one is at hand without a promise, but for a new piece.

export class Cursor<T> {
  private readonly source: AsyncIterator<readonly T[]>;
  private items: readonly T[] = [];
  private at = 0;
  private isOver = false;

  constructor(pieces: AsyncIterable<readonly T[]>) {
    this.source = pieces[Symbol.asyncIterator]();
  }

  /** Undefined after the last one, and where `fill` has to be awaited first. */
  get head(): T | undefined {
    return this.items[this.at];
  }

  get isEmpty(): boolean {
    return this.at >= this.items.length && !this.isOver;
  }

  next(): void {
    this.at += 1;
  }

  async fill(): Promise<void> {
    while (this.isEmpty) {
      const { value, done } = await this.source.next();
      if (done === true) {
        this.isOver = true;
        return;
      }
      [this.items, this.at] = [value, 0];
    }
  }
}
