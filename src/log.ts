// The log: winston, one JSON object or one line of text a record, on standard output and, if configured, in a file. `error` = someone must act.
// winston handles levels and the form of the lines; its own Console and File end the process or fill its memory if the
// output is full, broken or slow, so LineOutput writes them.
import { Writable } from 'node:stream';
import { createLogger, format, transports, type Logform, type Logger } from 'winston';
import { LineOutput } from './line-output.ts';
import type { RotationRule } from './log-rotation.ts';
import { maskEnds } from './mask-ends.ts';
import { writeTextLine } from './write-text-line.ts';

export type LogForm = 'json' | 'text';

export interface LogOptions {
  readonly level: string;
  readonly file: string | undefined;
  readonly form?: LogForm;
  /** When the service itself puts the file aside; undefined = never. */
  readonly rotation?: RotationRule | undefined;
}

/** winston prints an Error under a key as {}: its name, message and stack are written out instead. */
function tellErrors(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  return { name, message, stack, ...(cause === undefined ? {} : { cause }) };
}

// winston's own keys: the text that transports write, and a batch of lines that are such text already.
const written = Symbol.for('message');
const readyLines = Symbol('ready lines');

const textForm = format((info) => {
  info[written] = writeTextLine(info, tellErrors);
  return info;
});

/** One record a line; lines that are ready text stay as they are. */
export function logFormat(form: LogForm = 'json'): Logform.Format {
  const whole = form === 'json' ? format.json({ replacer: tellErrors }) : textForm();
  const own = format.combine(format.timestamp(), whole);
  return format((info) => {
    if (info[readyLines] === undefined) return own.transform(info);
    info[written] = info[readyLines];
    return info;
  })();
}

export interface RequestLog {
  /** Takes the line of a request; it is written at the end of the turn, or with others some milliseconds later. */
  note(writeLine: () => string): void;
  /** Writes what waits: before the service stops. */
  flush(): void;
}

/** A write costs as much as ten lines, so a service with much to do writes this often, not in every turn. */
const flushPauseMs = 10;

/**
 * Logs a line for each request, lines that come close together as one: one record through winston takes 12 us, half the time
 * of a card read; a line of a batch takes 2 us.
 * @param readMs a steady count of milliseconds.
 */
export function openRequestLog(log: Logger, readMs: () => number): RequestLog {
  let lines: string[] = [];
  let flushedMs = -Infinity;
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (lines.length === 0) return;
    log.log({ level: 'info', message: 'request', [readyLines]: lines.join('\n') });
    lines = [];
    flushedMs = readMs();
  };
  return {
    note(writeLine) {
      if (!log.isInfoEnabled()) return;
      lines.push(writeLine());
      if (lines.length > 1) return;
      if (readMs() - flushedMs >= flushPauseMs) setImmediate(flush);
      else timer = setTimeout(flush, flushPauseMs);
    },
    flush,
  };
}

export interface OpenLog {
  readonly log: Logger;
  /**
   * Shows the operator a plain line on standard output, not in the log and its file; resolves when it is there.
   * @throws if it cannot be shown: it will not appear later.
   */
  readonly tell: (line: string) => Promise<void>;
  /**
   * Opens the log file again under its name: after a rotation the renamed file is closed.
   * @throws if it cannot be opened: lines still go to the open one.
   */
  readonly reopen: () => Promise<void>;
  /** Waits until all is written, as long as something is; what is lost in one place is reported in the other. */
  readonly close: () => Promise<void>;
}

const readTime = (): string => new Date().toISOString();

export function openLog({ level, file, form = 'json', rotation }: LogOptions): OpenLog {
  // As soon as `stdout` is read, Node makes writes to a full pipe return at once; otherwise a reader that has stopped would
  // block one of the threads that the service shares.
  void process.stdout;
  const shared = { readTime, ...(form === 'text' ? { writeRecord: writeTextLine } : {}) };
  const stdout = new LineOutput({ ...shared, name: 'stdout', to: process.stdout.fd });
  const outputs =
    file === undefined ? [stdout] : [stdout, new LineOutput({ ...shared, name: file, to: { path: file, rotation } })];
  const log = createLogger({
    level,
    format: logFormat(form),
    transports: outputs.map((output) => new transports.Stream({ stream: streamTo(output), eol: '\n' })),
  });
  return {
    log,
    tell: (line) => stdout.promise(`${line}\n`),
    reopen: async () => void (await Promise.all(outputs.map((output) => output.reopen()))),
    close: () => closeOutputs(outputs),
  };
}

async function closeOutputs(outputs: readonly LineOutput[]): Promise<void> {
  const left = await Promise.all(outputs.map((output) => output.drain()));
  const stuck = outputs.filter((_, index) => (left[index] ?? 0) > 0);
  for (const output of outputs) {
    for (const other of stuck) if (other !== output) output.take(other.reportLeft());
  }
  await Promise.all(outputs.map((output) => output.close()));
}

function streamTo(output: LineOutput): Writable {
  return new Writable({
    decodeStrings: false,
    write: (lines: string, _encoding, done) => {
      output.take(lines);
      done();
    },
  });
}

/** A card number for a log: only its ends, always with the same length. */
export function maskCardNumber(number: string): string {
  return maskEnds(number);
}
