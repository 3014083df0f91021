// One place that log lines are written to: standard output, or a file. Either may be full, broken, slow or hung at any
// time, and the service must not notice: a line is taken at once, a bounded number of lines wait, and lines that do not fit
// are counted and reported in a line of their own as soon as lines can be written again.
import { close, constants, fstat, fsync, open, write } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { makeFolder } from './make-folder.ts';

export interface LineOutputOptions {
  /** Its name in the report of lost lines. */
  readonly name: string;
  /** An open descriptor, which stays open; or the path of a file, which is opened, and made with its folder. */
  readonly to: number | { readonly path: string };
  /** The time in a report of lost lines. */
  readonly readTime: () => string;
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
const closeTimeoutMs = 2_000;
/** Does not block on a named pipe that nobody reads; Windows has no such flag. */
const fileFlags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NONBLOCK ?? 0);

/** Names of users are in the log; an existing file keeps the mode that its owner has given it. */
const privateMode = 0o600;

const openFile = promisify(open);
const closeFile = promisify(close);
const syncFile = promisify(fsync);
const statFile = promisify(fstat);
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

  /** Waits until all is written, for two seconds at most, and closes the file. */
  async close(): Promise<void> {
    this.isClosing = true;
    this.wake();
    let timer: NodeJS.Timeout | undefined;
    if (this.isAtWork) {
      await new Promise<void>((resolve) => {
        this.onIdle = resolve;
        timer = setTimeout(resolve, closeTimeoutMs);
      });
    }
    clearTimeout(timer);
    // A write that hangs still has the descriptor.
    if (this.isAtWork || this.descriptor === undefined || typeof this.options.to === 'number') return;
    await closeFile(this.descriptor).catch(() => undefined);
    this.descriptor = undefined;
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
    const { name: output, readTime } = this.options;
    const why = (this.trouble as Error | undefined)?.message ?? 'it was slower than the lines came';
    const line = { level: 'warn', message: 'log lines lost', output, lines: this.lost, why, timestamp: readTime() };
    this.trouble = undefined;
    return `${JSON.stringify(line)}\n`;
  }

  private async writePiece(piece: Piece | PromisedPiece): Promise<void> {
    const descriptor = await this.open();
    if (this.isTorn) {
      await writeBytes(descriptor, Buffer.of(lineEnd), 0);
      this.isTorn = false;
    }
    while (piece.done < piece.bytes.length) piece.done += await writeBytes(descriptor, piece.bytes, piece.done);
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
    this.descriptor ??= await openLogFile((to as { path: string }).path);
    return this.descriptor;
  }

  private async openAgain(): Promise<void> {
    const { reopening } = this;
    this.reopening = undefined;
    const { path } = this.options.to as { path: string };
    try {
      const descriptor = await openLogFile(path);
      const before = this.descriptor;
      this.descriptor = descriptor;
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
    if (this.isClosing && !isFull) return false;
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

async function openLogFile(path: string): Promise<number> {
  await makeFolder(dirname(path));
  return openFile(path, fileFlags, privateMode);
}

async function isSameFile(one: number, other: number): Promise<boolean> {
  const [first, second] = await Promise.all([statFile(one), statFile(other)]);
  return first.dev === second.dev && first.ino === second.ino;
}

/** @returns how many bytes the system has taken: there may be room for only a part. */
function writeBytes(descriptor: number, bytes: Buffer, from: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(descriptor, bytes, from, bytes.length - from, null, (reason, count) => {
      if (reason === null) resolve(count);
      else reject(reason);
    });
  });
}

function countLines(lines: string): number {
  let count = 0;
  for (let at = lines.indexOf('\n'); at !== -1; at = lines.indexOf('\n', at + 1)) count += 1;
  return count;
}

function codeOf(reason: unknown): string {
  return (reason as NodeJS.ErrnoException | undefined)?.code ?? '';
}
