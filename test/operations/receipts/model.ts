// A small counter written from the description of the trade, not from the product: plain maps, balances counted again from
// all facts each time, kopecks as BigInt. The property tests compare the operations with it.

export interface ModelKey {
  readonly kkm: string;
  readonly shift: number;
  readonly number: number;
  /** Business date. */
  readonly on: string;
}

export interface ModelReceipt extends ModelKey {
  readonly kind: 'Sale' | 'Return';
  readonly operationId: string | null;
  readonly card: string;
  readonly sum: bigint;
  readonly accrued: bigint;
  readonly redeemed: bigint;
  readonly accumulationDelta: bigint | null;
  readonly countDelta: bigint | null;
  readonly offline: boolean;
  readonly original: ModelKey | null;
}

export interface ModelReserve extends ModelKey {
  readonly operationId: string | null;
  readonly card: string;
  readonly amount: bigint;
}

export interface ModelCancel extends ModelKey {
  readonly kind: 'Sale' | 'Return';
  readonly operationId: string | null;
  readonly card: string | null;
}

export interface Sums {
  bonus: bigint;
  accumulation: bigint;
  receipts: bigint;
}

export interface ModelReply extends Sums {
  readonly code: number;
  readonly available: bigint;
  /** The call whose stored answer this is; null for an answer of its own. */
  readonly repeatOf: number | null;
}

type Status = 'active' | 'accrue_only' | 'blocked';
export type ReturnFigures = 'till_or_proportion' | 'proportion' | 'till';

interface Told {
  readonly content: ModelReceipt;
  readonly call: number;
}

interface Fact {
  current: Told;
  /** The content of an online call, if it came first. */
  readonly online: Told | null;
  operationId: string | null;
}

interface Hold extends ModelReserve {
  expiresAt: number;
  state: 'active' | 'taken' | 'released';
  call: number | null;
  releaseCall: number | null;
}

const nameOf = ({ kkm, shift, number, on }: ModelKey, kind: string): string =>
  [kind, kkm, shift, number, on].join(' | ');
const isSameKey = (a: ModelKey, b: ModelKey): boolean => nameOf(a, '') === nameOf(b, '');
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const total = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);
const cancelledAlready = 14;

function contentOf(receipt: ModelReceipt): string {
  const isSale = receipt.kind === 'Sale';
  return [
    nameOf(receipt, receipt.kind),
    receipt.card,
    receipt.sum,
    receipt.accrued,
    receipt.redeemed,
    receipt.accumulationDelta ?? (isSale ? receipt.sum : 'proportion'),
    receipt.countDelta ?? (isSale ? 1n : 'proportion'),
    isSale || receipt.original === null ? 'none' : nameOf(receipt.original, 'Sale'),
  ].join(' / ');
}

/** total x part / whole; half a kopeck goes up. */
function share(all: bigint, part: bigint, whole: bigint): bigint {
  return whole === 0n ? 0n : (2n * all * least(part, whole) + whole) / (2n * whole);
}

export class Model {
  readonly statuses = new Map<string, Status>();
  /** Cards that hold money alone: neither their accumulation nor their count moves. */
  readonly payment = new Set<string>();
  readonly opening = new Map<string, bigint>();
  now = 0;
  private readonly facts = new Map<string, Fact>();
  private readonly cancels = new Map<string, { readonly request: ModelCancel; readonly call: number }>();
  private readonly holds: Hold[] = [];
  private readonly mode: ReturnFigures;
  private readonly holdSeconds: number;

  constructor(mode: ReturnFigures, holdSeconds: number) {
    this.mode = mode;
    this.holdSeconds = holdSeconds;
  }

  // What the cards hold

  balanceOf(card: string): Sums {
    const sums: Sums = { bonus: this.opening.get(card) ?? 0n, accumulation: 0n, receipts: 0n };
    const add = (to: string, bonus: bigint, accumulation: bigint, receipts: bigint): void => {
      if (to !== card) return;
      sums.bonus += bonus;
      if (this.payment.has(card)) return;
      sums.accumulation += accumulation;
      sums.receipts += receipts;
    };
    for (const [name, { current }] of this.facts) {
      const { content } = current;
      if (this.cancels.has(name)) continue;
      if (content.kind === 'Sale') {
        const taken = this.takenOf(content, this.liveReturnsOf(content));
        add(
          content.card,
          content.accrued - taken.accrued - content.redeemed + taken.redeemed,
          (content.accumulationDelta ?? content.sum) - taken.accumulation,
          (content.countDelta ?? 1n) - taken.receipts,
        );
        continue;
      }
      const saleName = content.original === null ? undefined : nameOf(content.original, 'Sale');
      // A return of a known sale is counted with it; a cancelled sale takes its returns with it.
      if (saleName !== undefined && (this.facts.has(saleName) || this.cancels.has(saleName))) continue;
      const { accrued, redeemed, accumulationDelta, sum, countDelta } = content;
      add(content.card, redeemed - accrued, -(accumulationDelta ?? sum), -(countDelta ?? 0n));
    }
    return sums;
  }

  private liveReturnsOf(sale: ModelKey): ModelReceipt[] {
    return [...this.facts]
      .filter(([name]) => !this.cancels.has(name))
      .map(([, { current }]) => current.content)
      .filter(({ kind, original }) => kind === 'Return' && original !== null && isSameKey(original, sale));
  }

  private takenOf(sale: ModelReceipt, returns: readonly ModelReceipt[]) {
    const sums = returns.map(({ sum }) => sum);
    const isAll = returns.length > 0 && total(sums) >= sale.sum;
    const take = (all: bigint, figures: readonly (bigint | null)[], isCount = false): bigint => {
      // Once all is back, the parts without a figure of their own have taken the exact rest.
      if (isAll && figures.some((figure) => figure === null)) return all;
      const parts = figures.map(
        (figure, index) => figure ?? (isCount ? 0n : share(all, sums[index] as bigint, sale.sum)),
      );
      return least(all, total(parts));
    };
    const own = (figure: bigint): bigint | null => {
      if (this.mode === 'proportion') return null;
      return this.mode === 'till' || figure > 0n ? figure : null;
    };
    return {
      sum: least(sale.sum, total(sums)),
      isAll,
      accrued: take(
        sale.accrued,
        returns.map((part) => own(part.accrued)),
      ),
      redeemed: take(
        sale.redeemed,
        returns.map((part) => own(part.redeemed)),
      ),
      accumulation: take(
        sale.accumulationDelta ?? sale.sum,
        returns.map((part) => part.accumulationDelta),
      ),
      receipts: take(
        sale.countDelta ?? 1n,
        returns.map((part) => part.countDelta),
        true,
      ),
    };
  }

  isStanding(hold: Hold): boolean {
    return hold.state === 'active' && this.now < hold.expiresAt;
  }

  heldOf(card: string, except?: Hold): bigint {
    return total(
      this.holds
        .filter((hold) => hold !== except && hold.card === card && this.isStanding(hold))
        .map((hold) => hold.amount),
    );
  }

  availableOf(card: string, except?: Hold): bigint {
    const free = this.balanceOf(card).bonus - this.heldOf(card, except);
    return free > 0n ? free : 0n;
  }

  // Answers

  private answer(code: number, card: string | null): ModelReply {
    const status = card === null ? undefined : this.statuses.get(card);
    if (card === null || status === undefined) {
      return { code, bonus: 0n, available: 0n, accumulation: 0n, receipts: 0n, repeatOf: null };
    }
    const available = status === 'active' ? this.availableOf(card) : 0n;
    return { code, ...this.balanceOf(card), available, repeatOf: null };
  }

  private repeat(call: number): ModelReply {
    return { code: 0, bonus: 0n, available: 0n, accumulation: 0n, receipts: 0n, repeatOf: call };
  }

  // Receipts

  tell(call: number, road: 'online' | 'report', receipt: ModelReceipt): ModelReply {
    const name = nameOf(receipt, receipt.kind);
    if (this.cancels.has(name)) return this.answer(cancelledAlready, null);
    const known = this.facts.get(name);
    const namesake = [...this.facts.values()].find(
      ({ operationId }) => operationId !== null && operationId === receipt.operationId,
    );
    if (namesake !== undefined && namesake !== known) return this.answer(6, receipt.card);
    if (known !== undefined) return this.tellAgain(call, road, known, receipt);
    if (!this.statuses.has(receipt.card)) return this.answer(1, null);
    return receipt.kind === 'Sale' ? this.tellSale(call, road, receipt) : this.tellReturn(call, road, receipt);
  }

  private tellAgain(call: number, road: 'online' | 'report', known: Fact, receipt: ModelReceipt): ModelReply {
    const isSame = (told: Told | null): told is Told => told !== null && contentOf(told.content) === contentOf(receipt);
    if (road === 'online' && isSame(known.online)) return this.repeat(known.online.call);
    if (isSame(known.current)) return this.repeat(known.current.call);
    if (road === 'online') return this.answer(6, receipt.card);
    if (!this.statuses.has(receipt.card)) return this.answer(1, null);
    known.current = { content: receipt, call };
    known.operationId = receipt.operationId ?? known.operationId;
    return this.answer(0, receipt.card);
  }

  private keep(call: number, road: 'online' | 'report', receipt: ModelReceipt): void {
    const told = { content: receipt, call };
    const online = road === 'online' ? told : null;
    this.facts.set(nameOf(receipt, receipt.kind), { current: told, online, operationId: receipt.operationId });
  }

  private tellSale(call: number, road: 'online' | 'report', sale: ModelReceipt): ModelReply {
    const status = this.statuses.get(sale.card);
    if (status === 'blocked') return this.answer(2, sale.card);
    if (status === 'accrue_only' && sale.redeemed > 0n) return this.answer(4, sale.card);
    const hold = this.findHold(sale, true);
    const isFromQueue = road === 'report' || sale.offline;
    if (!isFromQueue && sale.redeemed > this.availableOf(sale.card, hold)) return this.answer(5, sale.card);
    this.keep(call, road, sale);
    if (hold !== undefined) hold.state = 'taken';
    return this.answer(0, sale.card);
  }

  private tellReturn(call: number, road: 'online' | 'report', part: ModelReceipt): ModelReply {
    const saleName = part.original === null ? undefined : nameOf(part.original, 'Sale');
    if (saleName !== undefined && this.cancels.has(saleName)) return this.answer(cancelledAlready, part.card);
    if (road === 'online') {
      const sale = saleName === undefined ? undefined : this.facts.get(saleName)?.current.content;
      if (sale === undefined) return this.answer(7, part.card);
      if (sale.card !== part.card || this.asksTooMuch(sale, part)) return this.answer(11, part.card);
    }
    this.keep(call, road, part);
    return this.answer(0, part.card);
  }

  private asksTooMuch(sale: ModelReceipt, part: ModelReceipt): boolean {
    const taken = this.takenOf(sale, this.liveReturnsOf(sale));
    if (taken.isAll || part.sum > sale.sum - taken.sum) return true;
    const areFiguresRead = this.mode !== 'proportion';
    return (
      (areFiguresRead && part.accrued > sale.accrued - taken.accrued) ||
      (areFiguresRead && part.redeemed > sale.redeemed - taken.redeemed) ||
      (!this.payment.has(sale.card) && this.asksTooMuchOfSums(sale, part, taken))
    );
  }

  private asksTooMuchOfSums(
    sale: ModelReceipt,
    part: ModelReceipt,
    taken: { readonly accumulation: bigint; readonly receipts: bigint },
  ): boolean {
    return (
      (part.accumulationDelta ?? 0n) > (sale.accumulationDelta ?? sale.sum) - taken.accumulation ||
      (part.countDelta ?? 0n) > (sale.countDelta ?? 1n) - taken.receipts
    );
  }

  cancel(call: number, request: ModelCancel): ModelReply {
    const name = nameOf(request, request.kind);
    const known = this.cancels.get(name);
    if (known !== undefined) {
      const { card } = known.request;
      return card !== null && request.card !== null && card !== request.card
        ? this.answer(6, null)
        : this.repeat(known.call);
    }
    const fact = this.facts.get(name);
    const { operationId } = request;
    const isTaken =
      operationId !== null &&
      ([...this.facts.values()].some((other) => other !== fact && other.operationId === operationId) ||
        [...this.cancels.values()].some((other) => other.request.operationId === operationId));
    if (isTaken) return this.answer(6, null);
    const card = fact?.current.content.card ?? null;
    if (card !== null && request.card !== null && card !== request.card) return this.answer(6, null);
    this.cancels.set(name, { request, call });
    return this.answer(0, card ?? request.card);
  }

  // Holds

  /** By operation id (a receipt takes it only while it is active); otherwise the latest active hold of the receipt and card. */
  private findHold(
    of: ModelKey & { operationId: string | null; card: string },
    onlyStanding: boolean,
  ): Hold | undefined {
    const byId = this.holds.find((hold) => hold.operationId !== null && hold.operationId === of.operationId);
    if (byId !== undefined && !onlyStanding) return byId;
    if (byId !== undefined && byId.card === of.card && this.isStanding(byId)) return byId;
    return this.holds.findLast((hold) => isSameKey(hold, of) && hold.card === of.card && this.isStanding(hold));
  }

  reserve(call: number, request: ModelReserve): ModelReply {
    if (request.amount === 0n) return this.answer(11, null);
    const status = this.statuses.get(request.card);
    if (status === undefined) return this.answer(1, null);
    const known = this.findHold(request, false);
    if (known !== undefined && (!isSameKey(known, request) || known.card !== request.card)) {
      return this.answer(6, request.card);
    }
    // A release that came before its reserve names no sum that counts.
    if (known !== undefined && known.call !== null && known.amount !== request.amount)
      return this.answer(6, request.card);
    if (known?.state === 'taken' && known.call !== null) return this.repeat(known.call);
    // The receipt it is for has overtaken it: nobody would take what it held.
    if (known?.state === 'released' || this.facts.has(nameOf(request, 'Sale'))) return this.answer(14, request.card);
    if (known !== undefined && known.call !== null && this.isStanding(known)) return this.repeat(known.call);
    if (status === 'blocked') return this.answer(2, request.card);
    if (status === 'accrue_only') return this.answer(4, request.card);
    if (request.amount > this.availableOf(request.card)) return this.answer(5, request.card);
    const expiresAt = this.now + this.holdSeconds;
    if (known === undefined) this.holds.push({ ...request, expiresAt, state: 'active', call, releaseCall: null });
    else Object.assign(known, { expiresAt, call });
    return this.answer(0, request.card);
  }

  release(call: number, request: ModelReserve): ModelReply {
    if (!this.statuses.has(request.card)) return this.answer(1, null);
    const known = this.findHold(request, false);
    if (known !== undefined && (!isSameKey(known, request) || known.card !== request.card)) {
      return this.answer(6, request.card);
    }
    if (known !== undefined && known.releaseCall !== null) return this.repeat(known.releaseCall);
    if (known !== undefined) {
      if (known.state === 'active') known.state = 'released';
      known.releaseCall = call;
    } else if (request.operationId !== null) {
      this.holds.push({ ...request, expiresAt: this.now, state: 'released', call: null, releaseCall: call });
    }
    return this.answer(0, request.card);
  }
}
