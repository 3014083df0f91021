// Foot rows and group rows of a report, compared with the rows that they are the sums of. A group row that stands above its
// rows is judged once these are over; nested groups and pages are found by trying every place where a section began.

/** Figures of a row, in the order of the table's figures; undefined where the row has none, NaN where it cannot be read. */
export type Figures = readonly (number | undefined)[];

export interface GroupRow {
  readonly line: number;
  readonly text: string;
  readonly figures: Figures;
}

interface Mark {
  readonly sums: readonly number[];
  readonly rows: number;
}

type IsAlike = (figure: number, sum: number) => boolean;

const isExact: IsAlike = (figure, sum) => figure === sum;
/** A sum with a figure in it that cannot be read says nothing: the row of that figure is a mistake by itself. */
const isNotOther: IsAlike = (figure, sum) => figure === sum || Number.isNaN(sum);

/** Sections looked back at, and groups waiting for their rows: reports nest a handful. */
const reach = 1_000;

export class FootSums {
  rows = 0;
  private readonly sums: Float64Array;
  /** Where sections began: the first at the beginning of the table. */
  private readonly marks: Mark[];
  private waiting: (GroupRow & { readonly from: Mark })[] = [];
  private readonly unsettled: GroupRow[] = [];

  /** @param width how many figures a row has. */
  constructor(width: number) {
    this.sums = new Float64Array(width);
    this.marks = [this.mark()];
  }

  add(figures: readonly number[]): void {
    this.rows += 1;
    const { sums } = this;
    for (let at = 0; at < sums.length; at += 1) sums[at] = (sums[at] as number) + (figures[at] as number);
  }

  /** The sums of all rows so far. */
  get total(): readonly number[] {
    return [...this.sums];
  }

  /** A foot row: whether it is the sum of the rows since the beginning, or since some section began. */
  close(figures: Figures): boolean {
    this.settleGroups();
    const isSum = this.isSumSinceAny(figures, isNotOther);
    this.marks.push(this.mark());
    return isSum;
  }

  /**
   * Whether there are so many rows since the beginning, or since some section began.
   * @param isAtMost where fewer will do as well.
   */
  isCount(count: number, isAtMost: boolean): boolean {
    if (isAtMost) return count <= this.rows;
    return this.marks.some(({ rows }) => this.rows - rows === count);
  }

  /** A group row, of what stands above it or of what is to come. */
  group(row: GroupRow): void {
    this.settleGroups();
    const isOfAbove = this.rows > (this.marks.at(-1)?.rows ?? 0) && this.isSumSinceAny(row.figures, isExact);
    if (!isOfAbove) this.waiting.push({ ...row, from: this.mark() });
    if (this.waiting.length > reach) this.unsettled.push(...this.waiting.splice(0, 1));
    this.marks.push(this.mark());
  }

  /** At the end of the table: the group rows that are not the sum of any rows. */
  end(): readonly GroupRow[] {
    this.settleGroups();
    return [...this.unsettled, ...this.waiting];
  }

  private settleGroups(): void {
    if (this.waiting.length === 0) return;
    this.waiting = this.waiting.filter(
      ({ figures, from }) => from.rows === this.rows || !this.isSumSince(figures, from, isExact),
    );
  }

  private isSumSinceAny(figures: Figures, isAlike: IsAlike): boolean {
    const recent = this.marks.slice(-reach).toReversed();
    return [...this.marks.slice(0, 1), ...recent].some((mark) => this.isSumSince(figures, mark, isAlike));
  }

  private isSumSince(figures: Figures, { sums }: Mark, isAlike: IsAlike): boolean {
    return figures.every(
      (figure, at) => figure === undefined || isAlike(figure, (this.sums[at] ?? 0) - (sums[at] ?? 0)),
    );
  }

  private mark(): Mark {
    return { sums: [...this.sums], rows: this.rows };
  }
}
