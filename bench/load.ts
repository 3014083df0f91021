// The load, a process of its own: tills on keep-alive connections that send one call at a time and check every answer.
// A measurement comes as a message and its figures go back as one. Nothing is allocated per call but what node:net does.
import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { firstCardNumber, makeTemplate, type RequestKind, type RequestTemplate } from './requests.ts';

export interface LoadOrder {
  readonly kind: RequestKind;
  readonly port: number;
  readonly path: string;
  readonly tills: number;
  readonly seconds: number;
  /** Seconds before that in which answers are not counted. */
  readonly warmUpSeconds: number;
  /** Calls a second of all tills together, at moments by chance (Poisson); undefined = each till calls again at once. */
  readonly callsPerSecond?: number;
  /** Ends after so many calls, whatever the seconds. */
  readonly calls?: number;
  /** Which cards are asked for, counted from 0. */
  readonly firstCard: number;
  readonly cards: number;
  readonly firstReceiptNumber: number;
}

export interface LoadFigures {
  readonly callsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Answers that were not 200 with ResultCode 0, warm-up included, and the first of them. */
  readonly failures: number;
  readonly firstFailure: string | undefined;
  readonly nextReceiptNumber: number;
  /** Share of its core that this process was busy: near 1 the load itself is the limit. */
  readonly busyShare: number;
  /** Share of the calls left out because this process was held up while they ran. */
  readonly heldUpShare: number;
}

/** Time between two turns of the load above which other work had its core, and no latency can be told. */
const heldUpMs = 2;
const stepMs = 0.005;
const histogram = new Uint32Array(400_000);
const readBuffer = Buffer.allocUnsafe(64 * 1024);
const headEnd = Buffer.from('\r\n\r\n');
const lengthHeader = Buffer.from('Content-Length: ');
const closeHeader = Buffer.from('Connection: close');
const chunkedEnd = Buffer.from('\r\n0\r\n\r\n');
const doneCode = Buffer.from('ResultCode>0<');

class Run {
  readonly order: LoadOrder;
  private readonly idle: Till[] = [];
  private answers = 0;
  private heldUp = 0;
  private heldUpUntil = 0;
  private failures = 0;
  private firstFailure: string | undefined;
  private receiptNumber: number;
  private seed = 1;
  private countsFrom = 0;
  private endsAt = 0;

  constructor(order: LoadOrder) {
    this.order = order;
    this.receiptNumber = order.firstReceiptNumber;
  }

  async measure(): Promise<LoadFigures> {
    const { order } = this;
    histogram.fill(0);
    const tills = await Promise.all(Array.from({ length: order.tills }, () => Till.open(this)));
    const startedAt = performance.now();
    const cpuBefore = process.cpuUsage();
    this.countsFrom = startedAt + order.warmUpSeconds * 1000;
    this.endsAt = order.calls === undefined ? this.countsFrom + order.seconds * 1000 : Number.POSITIVE_INFINITY;
    if (order.callsPerSecond === undefined) for (const till of tills) till.call(performance.now());
    else await this.callByChance(tills, startedAt, order.callsPerSecond);
    await Promise.all(tills.map((till) => till.ended));
    const elapsedMs = performance.now() - startedAt;
    const cpu = process.cpuUsage(cpuBefore);
    for (const till of tills) till.close();
    return {
      callsPerSecond: this.answers / order.seconds,
      p50Ms: this.findQuantile(0.5),
      p99Ms: this.findQuantile(0.99),
      maxMs: this.findQuantile(1),
      failures: this.failures,
      firstFailure: this.firstFailure,
      nextReceiptNumber: this.receiptNumber,
      heldUpShare: this.heldUp / Math.max(1, this.heldUp + this.answers),
      busyShare: (cpu.user + cpu.system) / 1000 / elapsedMs,
    };
  }

  fill(template: RequestTemplate): void {
    // A linear congruential generator: the same cards for every variant.
    this.seed = (Math.imul(this.seed, 1_664_525) + 1_013_904_223) >>> 0;
    const { firstCard, cards } = this.order;
    template.fill(firstCardNumber + firstCard + (this.seed % cards), this.receiptNumber);
    this.receiptNumber += 1;
  }

  /** @returns whether the till should call again at once. */
  take(till: Till, dueAt: number, isDone: boolean, reply: () => string): boolean {
    const now = performance.now();
    if (!isDone) {
      this.failures += 1;
      this.firstFailure ??= reply();
      // One is enough to make the figures worthless.
      this.endsAt = 0;
    }
    if (dueAt < this.heldUpUntil) this.heldUp += 1;
    else if (dueAt >= this.countsFrom && now <= this.endsAt) {
      this.answers += 1;
      const index = Math.min(histogram.length - 1, Math.floor((now - dueAt) / stepMs));
      histogram[index] = (histogram[index] as number) + 1;
    }
    if (this.order.callsPerSecond !== undefined) {
      this.idle.push(till);
      return false;
    }
    const { calls = Number.POSITIVE_INFINITY, firstReceiptNumber } = this.order;
    return now < this.endsAt && this.receiptNumber - firstReceiptNumber < calls;
  }

  /** Time counts from the moment a call was due, so a slow answer is not hidden by the calls it held up. */
  private callByChance(tills: readonly Till[], startedAt: number, callsPerSecond: number): Promise<void> {
    const gap = (): number => (-Math.log(1 - Math.random()) * 1000) / callsPerSecond;
    this.idle.push(...tills);
    let dueAt = startedAt + gap();
    let lastTurnAt = startedAt;
    return new Promise((resolve) => {
      const turn = (): void => {
        const now = performance.now();
        if (now - lastTurnAt > heldUpMs) {
          // What fell due meanwhile was held up here, not by the server: it is called from now on.
          this.heldUpUntil = now;
          dueAt = now + gap();
        }
        lastTurnAt = now;
        while (dueAt <= now && this.idle.length > 0) {
          (this.idle.pop() as Till).call(dueAt);
          dueAt += gap();
        }
        if (now < this.endsAt) setImmediate(turn);
        else {
          for (const till of tills) till.endWhenAnswered();
          resolve();
        }
      };
      turn();
    });
  }

  private findQuantile(share: number): number {
    const rank = Math.max(1, Math.ceil(this.answers * share));
    let seen = 0;
    for (let index = 0; index < histogram.length; index += 1) {
      seen += histogram[index] as number;
      if (seen >= rank) return (index + 1) * stepMs;
    }
    return histogram.length * stepMs;
  }
}

class Till {
  readonly ended: Promise<void>;
  private readonly run: Run;
  private readonly template: RequestTemplate;
  private socket: Socket;
  private end: () => void = () => undefined;
  private dueAt = 0;
  private isCalling = false;
  private isLast = false;
  /** What has come of an answer that came in pieces. */
  private begun: Buffer | undefined;

  static open(run: Run): Promise<Till> {
    return new Promise((resolve, reject) => {
      const till = new Till(run);
      till.socket.once('connect', () => resolve(till)).once('error', reject);
    });
  }

  private constructor(run: Run) {
    this.run = run;
    const { kind, port, path } = run.order;
    this.template = makeTemplate(kind, port, path);
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
    this.socket = this.connect();
  }

  call(dueAt: number): void {
    this.dueAt = dueAt;
    this.isCalling = true;
    this.run.fill(this.template);
    // PHP's web server ends the connection with each answer: a new one is a part of its call.
    if (this.socket.destroyed) this.socket = this.connect();
    this.socket.write(this.template.bytes);
  }

  endWhenAnswered(): void {
    this.isLast = true;
    if (!this.isCalling) this.end();
  }

  close(): void {
    this.socket.destroy();
  }

  private connect(): Socket {
    const onread = {
      buffer: readBuffer,
      callback: (length: number): boolean => {
        this.read(length);
        return true;
      },
    };
    const socket = connect({ host: '127.0.0.1', port: this.run.order.port, noDelay: true, onread });
    socket.once('close', () => {
      if (this.isCalling && socket === this.socket) this.finish(false, () => 'the connection ended before the answer');
    });
    return socket;
  }

  private read(length: number): void {
    const piece = readBuffer.subarray(0, length);
    const reply = this.begun === undefined ? piece : Buffer.concat([this.begun, piece]);
    const head = reply.indexOf(headEnd);
    if (head === -1 || !isWhole(reply, head)) {
      this.begun = Buffer.from(reply);
      return;
    }
    this.begun = undefined;
    // "HTTP/1.1 200": the hundreds tell.
    const isDone = reply[9] === 0x32 && reply.indexOf(doneCode, head) !== -1;
    const closeAt = reply.indexOf(closeHeader);
    if (closeAt !== -1 && closeAt < head) this.socket.destroy();
    this.finish(isDone, () => reply.toString());
  }

  private finish(isDone: boolean, reply: () => string): void {
    this.isCalling = false;
    if (this.run.take(this, this.dueAt, isDone, reply)) this.call(performance.now());
    else if (this.isLast || this.run.order.callsPerSecond === undefined) this.end();
  }
}

function isWhole(reply: Buffer, head: number): boolean {
  const at = reply.indexOf(lengthHeader);
  if (at === -1 || at > head) return reply.indexOf(chunkedEnd, reply.length - chunkedEnd.length) !== -1;
  let length = 0;
  for (let index = at + lengthHeader.length; (reply[index] as number) >= 0x30; index += 1) {
    length = length * 10 + (reply[index] as number) - 0x30;
  }
  return reply.length >= head + headEnd.length + length;
}

if (process.send !== undefined) {
  process.on('message', (order: LoadOrder) => {
    new Run(order).measure().then(
      (figures) => process.send?.({ figures }),
      (reason: unknown) => process.send?.({ trouble: String(reason) }),
    );
  });
  process.on('disconnect', () => process.exit());
  process.send({ ready: true });
}
