// One place that log lines are written to: standard output, or a file. Either may be full, broken, slow or hung at any
// time, and the service must not notice: a line is taken at once, a bounded number of lines wait, and lines that do not fit
// are counted and reported in a line of their own as soon as lines can be written again.
import { closeFile, isSameFile, openLogFile, syncFile, writeBytes } from './log-file.ts';
import {
  inspectFile,
  isRotationDue,
  putAside,
  removeOld,
  type RotatedFile,
  type RotationRule,
} from './log-rotation.ts';

export interface LineOutputOptions {
  /** Its name in the report of lost lines. */
  readonly name: string;
  /** An open descriptor, which stays open; or the path of a file, which is opened, and made with its folder. */
  readonly to: number | { readonly path: string; readonly rotation?: RotationRule | undefined };
  /** The time in a report of lost lines, "2026-11-22T14:05:00.123Z"; a file is rotated by its day. */
  readonly readTime: () => string;
  /** How its own lines are written, without the line end (default JSON). */
  readonly writeRecord?: (record: Readonly<Record<string, unknown>>) => string;
  /** How long a close waits while nothing can be written (default 2 s). */
  readonly stallMs?: number;
  /** About how many characters may wait (default 2 MiB), and as many again may be on their way. */
  readonly limit?: number;
}

interface Piece {
  readonly bytes: Buffer;
  /** How many bytes of it have been written. */
  done: number;
}

/** A piece whose writer waits for it: if it cannot be written, it is dropped, never kept for later. */
interface PromisedPiece extends Piece {
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

const defaultLimit = 2 * 1024 ** 2;
/** A full pipe is tried again soon; after any other trouble, once a second. */
const fullPauseMs = 20;
const troublePauseMs = 1_000;
/** How often a full pipe is tried for a promised line: five seconds. */
const promisedTries = 250;
const defaultStallMs = 2_000;
/** A service manager kills what takes longer. */
const longestDrains = 5;
const lineEnd = 10;

export class LineOutput {
  private readonly options: LineOutputOptions;
  private readonly limit: number;
  private descriptor: number | undefined;
  private waiting: string[] = [];
  private waitingLength = 0;
  /** Lines lost since the last report. After one is lost, all are lost until the waiting lines are written: so there is one gap. */
  private lost = 0;
  private piece: Piece | PromisedPiece | undefined;
  private promised: PromisedPiece[] = [];
  private reopening: { readonly resolve: () => void; readonly reject: (reason: unknown) => void } | undefined;
  private trouble: unknown;
  private fullTimes = 0;
  /** The last line written was cut short. */
  private isTorn = false;
  private isAtWork = false;
  private file: RotatedFile | undefined;
  private writtenBytes = 0;
  private isDraining = false;
  private isStuck = false;
  private isClosing = false;
  private wake: () => void = () => undefined;
  private onIdle: () => void = () => undefined;

  constructor(options: LineOutputOptions) {
    this.options = options;
    this.limit = options.limit ?? defaultLimit;
    this.descriptor = typeof options.to === 'number' ? options.to : undefined;
  }

  /** Takes whole lines, each with its line end; never waits and never fails. */
  take(lines: string): void {
    if (this.isClosing) return;
    if (this.lost > 0 || this.waitingLength + lines.length > this.limit) this.lost += countLines(lines);
    else {
      this.waiting.push(lines);
      this.waitingLength += lines.length;
    }
    this.start();
  }

  /**
   * Writes whole lines after those taken; resolves when they have reached the disk, pipe or terminal.
   * @throws if they cannot be written now: they will not appear later.
   */
  promise(lines: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.promised.push({ bytes: Buffer.from(lines), done: 0, resolve, reject });
      this.fullTimes = 0;
      this.wake();
      this.start();
    });
  }

  /**
   * Opens the file again under its name, if another file or none is in its place.
   * @throws if it cannot be opened: lines still go to the open one.
   */
  reopen(): Promise<void> {
    if (typeof this.options.to === 'number') return Promise.resolve();
    return new Promise((resolve, reject) => {
      const before = this.reopening;
      // Two calls at the same time share one.
      this.reopening = {
        resolve: () => (before?.resolve(), resolve()),
        reject: (reason) => (before?.reject(reason), reject(reason)),
      };
      this.wake();
      this.start();
    });
  }

  /**
   * Waits until all is written, as long as something is: for a place that takes nothing two seconds, for a slow one ten.
   * @returns how many lines are still here.
   */
  async drain(): Promise<number> {
    this.isDraining = true;
    this.wake();
    const { stallMs = defaultStallMs } = this.options;
    let before = -1;
    for (let time = 0; this.isAtWork && time < longestDrains && this.writtenBytes !== before; time += 1) {
      before = this.writtenBytes;
      await this.waitForIdle(stallMs);
    }
    const left = this.countLeft();
    this.isStuck = left > 0;
    return left;
  }

  /** "log lines lost", for another output: of what drain() has left. */
  reportLeft(): string {
    return this.writeLost(this.countLeft(), this.trouble, 'the service stopped before it had taken them');
  }

  /** Waits once more for what was taken since, and closes the file. */
  async close(): Promise<void> {
    if (!this.isStuck) await this.drain();
    this.isClosing = true;
    // A write that hangs still has the descriptor.
    if (this.isAtWork || this.descriptor === undefined || typeof this.options.to === 'number') return;
    await closeFile(this.descriptor).catch(() => undefined);
    this.descriptor = undefined;
  }

  private async waitForIdle(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.onIdle = resolve;
      timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
  }

  private countLeft(): number {
    const { piece } = this;
    const ofPiece = piece === undefined ? 0 : countLines(piece.bytes.subarray(piece.done).toString());
    return this.waiting.reduce((sum, lines) => sum + countLines(lines), this.lost + ofPiece);
  }

  private start(): void {
    if (this.isAtWork) return;
    this.isAtWork = true;
    void this.work();
  }

  private rest(): void {
    this.isAtWork = false;
    this.onIdle();
  }

  /** Writes until nothing is left; one write at a time. */
  private async work(): Promise<void> {
    for (;;) {
      while (this.reopening !== undefined) await this.openAgain();
      this.piece ??= this.nextPiece();
      if (this.piece === undefined) return this.rest();
      try {
        await this.writePiece(this.piece);
        this.piece = undefined;
      } catch (reason) {
        if (!(await this.wait(reason))) return this.rest();
      }
    }
  }

  private nextPiece(): Piece | PromisedPiece | undefined {
    let lines: string | undefined;
    if (this.waiting.length > 0) {
      lines = this.waiting.join('');
      this.waiting = [];
      this.waitingLength = 0;
    } else if (this.lost > 0) {
      lines = this.reportLost();
      this.lost = 0;
    }
    if (lines === undefined) return this.promised.shift();
    return { bytes: Buffer.from(lines), done: 0 };
  }

  private reportLost(): string {
    const { trouble } = this;
    this.trouble = undefined;
    return this.writeLost(this.lost, trouble, 'it was slower than the lines came');
  }

  private writeLost(lines: number, trouble: unknown, otherwise: string): string {
    const { name: output, readTime } = this.options;
    const why = (trouble as Error | undefined)?.message ?? otherwise;
    return this.writeRecord({ level: 'warn', message: 'log lines lost', output, lines, why, timestamp: readTime() });
  }

  private writeRecord(record: Readonly<Record<string, unknown>>): string {
    return `${(this.options.writeRecord ?? JSON.stringify)(record)}\n`;
  }

  private async writePiece(piece: Piece | PromisedPiece): Promise<void> {
    const descriptor = await this.openFor(piece);
    if (this.isTorn) {
      await writeBytes(descriptor, Buffer.of(lineEnd), 0);
      this.isTorn = false;
    }
    while (piece.done < piece.bytes.length) {
      const count = await writeBytes(descriptor, piece.bytes, piece.done);
      piece.done += count;
      this.writtenBytes += count;
      if (this.file !== undefined) this.file.sizeBytes += count;
    }
    this.fullTimes = 0;
    if (this.lost === 0) this.trouble = undefined;
    if (!('resolve' in piece)) return;
    await syncFile(descriptor).catch((reason: unknown) => {
      // Pipes and terminals cannot be synchronized.
      if (!['EINVAL', 'ENOTSUP', 'EROFS'].includes(codeOf(reason))) throw reason;
    });
    piece.resolve();
  }

  private async open(): Promise<number> {
    const { to } = this.options;
    if (this.descriptor === undefined) await this.takeFile(await openLogFile((to as { path: string }).path));
    return this.descriptor as number;
  }

  /** The open file, or a new one if the piece does not belong into it any more. */
  private async openFor(piece: Piece): Promise<number> {
    const descriptor = await this.open();
    const { file } = this;
    const { path, rotation } = this.options.to as { readonly path: string; readonly rotation?: RotationRule };
    if (rotation === undefined || file === undefined) return descriptor;
    const day = this.options.readTime().slice(0, 10);
    // What has been begun is ended in the same file.
    if (piece.done === 0 && isRotationDue(rotation, file, piece.bytes.length, day)) {
      await this.rotate(path, rotation, descriptor, file, day);
    }
    if (this.file !== undefined) this.file.day ??= day;
    return this.descriptor as number;
  }

  private async rotate(
    path: string,
    { keep }: RotationRule,
    descriptor: number,
    file: RotatedFile,
    day: string,
  ): Promise<void> {
    try {
      await putAside(path, descriptor, file.day ?? day);
      await this.takeFile(await openLogFile(path));
      await closeFile(descriptor).catch(() => undefined);
      await removeOld(path, keep);
    } catch (reason) {
      const { message } = reason as Error;
      if (this.file !== undefined) this.file.troubledAtBytes = this.file.sizeBytes;
      const timestamp = this.options.readTime();
      this.take(this.writeRecord({ level: 'error', message: 'log not rotated', file: path, why: message, timestamp }));
    }
  }

  private async takeFile(descriptor: number): Promise<void> {
    const { to } = this.options;
    this.descriptor = descriptor;
    this.file = typeof to === 'number' || to.rotation === undefined ? undefined : await inspectFile(descriptor);
  }

  private async openAgain(): Promise<void> {
    const { reopening } = this;
    this.reopening = undefined;
    const { path } = this.options.to as { path: string };
    try {
      const descriptor = await openLogFile(path);
      const before = this.descriptor;
      await this.takeFile(descriptor);
      if (before !== undefined) {
        if (!(await isSameFile(before, descriptor))) this.beginLine();
        await closeFile(before).catch(() => undefined);
      }
      reopening?.resolve();
    } catch (reason) {
      reopening?.reject(reason);
    }
  }

  /** A line that was cut stays cut in its first file; in the new file it is written whole. */
  private beginLine(): void {
    this.isTorn = false;
    if (this.piece === undefined || this.piece.done === 0) return;
    this.piece.done = this.piece.bytes.lastIndexOf(lineEnd, this.piece.done - 1) + 1;
  }

  /** @returns whether to go on. */
  private async wait(reason: unknown): Promise<boolean> {
    const isFull = codeOf(reason) === 'EAGAIN';
    this.fullTimes += 1;
    if (!isFull) this.trouble = reason;
    if (!isFull || this.fullTimes >= promisedTries) this.giveUpPromised(reason);
    if (this.isDraining && !isFull) return false;
    await new Promise<void>((resolve) => {
      // A process that ends waits for nothing.
      const timer = setTimeout(resolve, isFull ? fullPauseMs : troublePauseMs).unref();
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = () => undefined;
    return true;
  }

  private giveUpPromised(reason: unknown): void {
    const given = this.promised;
    this.promised = [];
    if (this.piece !== undefined && 'reject' in this.piece) {
      given.unshift(this.piece);
      this.isTorn ||= this.piece.done > 0;
      this.piece = undefined;
    }
    for (const { reject } of given) reject(reason);
  }
}

function countLines(lines: string): number {
  let count = 0;
  for (let at = lines.indexOf('\n'); at !== -1; at = lines.indexOf('\n', at + 1)) count += 1;
  return count;
}

function codeOf(reason: unknown): string {
  return (reason as NodeJS.ErrnoException | undefined)?.code ?? '';
}
