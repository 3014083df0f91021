// Tills of a shop, each with a connection of its own, that do everything a till does to a service: ring, reserve, return,
// cancel, read; queue while they are offline, send the queue in another order, late or as an upload; lose the line before the
// answer or amid the request; repeat, also twice at once. Their clocks are wrong by up to a day. What each does next is a
// function of the seed and of how many calls it has made.
import { addSeconds } from '../../src/ledger/local-date-time.ts';
import { makeRandom } from '../operations/night/testing-night.ts';
import { noon } from '../operations/testing-infobase.ts';
import { admin as user, writeCall } from '../soap/testing-service.ts';
import { Wire, type WireReply } from '../soap/wire.ts';
import {
  writeCancel,
  writeRead,
  writeReserve,
  writeReturn,
  writeSale,
  writeUpload,
  type TillCall,
} from './till-call.ts';
import type { TillJournal } from './till-journal.ts';

export interface FleetOptions {
  readonly seed: number;
  readonly tills: number;
  readonly cardNumbers: readonly string[];
  readonly journal: TillJournal;
}

export interface FleetEvents {
  /** Gets the number of calls sent, or answered, since the fleet began to run. */
  readonly onSent?: (count: number) => void;
  readonly onAnswered?: (count: number) => void;
}

/** The service has gone away, or says that it cannot. */
class LineLost extends Error {}

export class TillFleet {
  private readonly tills: readonly SimulatedTill[];

  constructor(options: FleetOptions) {
    this.tills = Array.from({ length: options.tills }, (_, index) => new SimulatedTill(options, index));
  }

  /** Until the service is gone, or each till has made `calls` calls. */
  async run(port: number, events: FleetEvents = {}, calls = Infinity): Promise<void> {
    const counts = { sent: 0, answered: 0 };
    const told = {
      onSent: () => events.onSent?.((counts.sent += 1)),
      onAnswered: () => events.onAnswered?.((counts.answered += 1)),
    };
    const ended = await Promise.allSettled(this.tills.map((till) => till.run(port, told, calls)));
    for (const end of ended) if (end.status === 'rejected') throw end.reason;
  }
}

interface TillEvents {
  onSent(): void;
  onAnswered(): void;
}

class SimulatedTill {
  private readonly kkm: string;
  private readonly random: () => number;
  private readonly journal: TillJournal;
  private readonly cardNumbers: readonly string[];
  private readonly at: ReturnType<typeof addSeconds>;
  private number = 0;
  /** Rung while the till was offline, or late; not sent yet. */
  private queue: TillCall[] = [];
  /** Answered and not undone. */
  private sales: TillCall[] = [];
  /** The last calls, which may be sent again. */
  private last: TillCall[] = [];
  private port = 0;
  private wire: Wire | undefined;
  private events: TillEvents = { onSent: () => undefined, onAnswered: () => undefined };

  constructor({ seed, journal, cardNumbers }: FleetOptions, index: number) {
    this.kkm = `K-${String(index + 1).padStart(2, '0')}`;
    this.random = makeRandom(seed * 31 + index);
    this.journal = journal;
    this.cardNumbers = cardNumbers;
    this.at = addSeconds(noon, this.upTo(2 * 86_400) - 86_400);
  }

  async run(port: number, events: TillEvents, calls: number): Promise<void> {
    this.port = port;
    this.events = events;
    try {
      for (let call = 0; call < calls; call += 1) await this.act();
    } catch (reason) {
      if (!(reason instanceof LineLost)) throw reason;
    } finally {
      this.wire?.close();
      this.wire = undefined;
    }
  }

  private upTo(count: number): number {
    return Math.floor(this.random() * count);
  }

  private act(): Promise<void> {
    const acts: readonly (readonly [parts: number, act: () => Promise<void>])[] = [
      [40, () => this.sell()],
      [6, () => this.reserveAndSell()],
      [14, async () => void this.queue.push(this.writeNext(true))],
      [8, () => this.flush()],
      [5, () => this.upload()],
      [5, () => this.undo('Return')],
      [5, () => this.undo('Cancel')],
      [2, () => this.cancelBefore()],
      [6, () => this.repeat()],
      [3, () => this.sendTwice()],
      [3, () => this.dropLine(false)],
      [2, () => this.dropLine(true)],
      [3, () => this.send(writeRead(this.kkm, this.pickCard()))],
    ];
    let part = this.upTo(acts.reduce((sum, [parts]) => sum + parts, 0));
    for (const [parts, act] of acts) {
      part -= parts;
      if (part < 0) return act();
    }
    return this.sell();
  }

  private pickCard(): string {
    return this.cardNumbers[this.upTo(this.cardNumbers.length)] ?? '';
  }

  private writeNext(offline: boolean, redeemed = this.upTo(3) === 0 ? 1 + this.upTo(500) : 0): TillCall {
    this.number += 1;
    return writeSale({
      kkm: this.kkm,
      receiptNumber: this.number,
      receiptAt: this.at,
      cardNumber: this.pickCard(),
      sumWithDiscountKopecks: 1_000 + this.upTo(100_000),
      bonusAccruedKopecks: this.upTo(1_000),
      bonusRedeemedKopecks: redeemed,
      offline,
    });
  }

  private async sell(call = this.writeNext(false)): Promise<void> {
    await this.send(call);
    this.sales.push(call);
  }

  private async reserveAndSell(): Promise<void> {
    const sale = this.writeNext(false, 1 + this.upTo(500));
    await this.send(writeReserve(sale));
    await this.sell(sale);
  }

  /** In any order. */
  private async flush(): Promise<void> {
    while (this.queue.length > 0) await this.sell(this.queue.splice(this.upTo(this.queue.length), 1)[0]);
  }

  private async upload(): Promise<void> {
    if (this.queue.length === 0) return;
    const calls = this.queue.splice(0);
    // What was rung online is in the report as well.
    await this.send(writeUpload(this.kkm, [...calls, ...this.sales.slice(-2)]));
    this.sales.push(...calls);
  }

  private async undo(kind: 'Return' | 'Cancel'): Promise<void> {
    const [sale] = this.sales.splice(this.upTo(this.sales.length), 1);
    if (sale === undefined || !this.journal.isAnswered(sale)) return;
    this.number += 1;
    const back = { kkm: this.kkm, receiptNumber: this.number, receiptAt: this.at };
    await this.send(kind === 'Cancel' ? writeCancel(sale) : writeReturn(sale, back));
  }

  /** A receipt that is cancelled before it comes. */
  private async cancelBefore(): Promise<void> {
    const sale = this.writeNext(true);
    await this.send(writeCancel(sale));
    await this.send(sale);
  }

  private async repeat(): Promise<void> {
    const call = this.last[this.upTo(this.last.length)];
    if (call !== undefined) await this.send(call);
  }

  /** By two connections at once: an impatient till. */
  private async sendTwice(): Promise<void> {
    const call = this.writeNext(false);
    const wires = [await this.open(), await this.open()];
    try {
      const ends = await Promise.allSettled(wires.map((wire) => this.sendBy(wire, call)));
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    } finally {
      for (const wire of wires) wire.close();
    }
  }

  /** After the request, or in the middle of it. It is repeated by those who look for calls without an answer. */
  private async dropLine(isCut: boolean): Promise<void> {
    const call = this.writeNext(false);
    const bytes = writeCall({ body: call.body, user });
    const wire = await this.open();
    this.noteSent(call);
    await wire.send(isCut ? bytes.subarray(0, this.upTo(bytes.length)) : bytes);
    wire.close();
    this.remember(call);
  }

  private async send(call: TillCall): Promise<void> {
    this.wire ??= await this.open();
    this.remember(call);
    await this.sendBy(this.wire, call);
  }

  private async sendBy(wire: Wire, call: TillCall): Promise<void> {
    this.noteSent(call);
    this.noteReply(call, await exchange(wire, call));
  }

  private remember(call: TillCall): void {
    if (call.kind !== 'Read') this.last = [...this.last.slice(-19), call];
  }

  private noteSent(call: TillCall): void {
    this.journal.noteSent(call);
    this.events.onSent();
  }

  private noteReply(call: TillCall, { status, body }: WireReply): void {
    if (status >= 500) {
      this.journal.noteFault(call);
      throw new LineLost(body.toString());
    }
    this.journal.noteReply(call, status, body.toString());
    this.events.onAnswered();
  }

  private async open(): Promise<Wire> {
    try {
      return await Wire.open(this.port);
    } catch (cause) {
      throw new LineLost('nobody listens', { cause });
    }
  }
}

/** @throws LineLost where no answer, or only a part of one, has come. */
export async function exchange(wire: Wire, call: TillCall): Promise<WireReply> {
  await wire.send(writeCall({ body: call.body, user }));
  let reply: WireReply | undefined;
  try {
    reply = await wire.next();
  } catch (cause) {
    throw new LineLost('the answer was cut', { cause });
  }
  if (reply === undefined) throw new LineLost('the line is dead');
  return reply;
}
