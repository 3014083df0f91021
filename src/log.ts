// The log: winston, one JSON object a line, on standard output and, where asked, in a file. `error` = someone must act.
import { createLogger, format, transports, type Logger } from 'winston';

export interface LogOptions {
  readonly level: string;
  readonly file: string | undefined;
}

/** winston prints an Error under a key as {}: its name, message and stack are written out instead. */
function tellErrors(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  return { name, message, stack, ...(cause === undefined ? {} : { cause }) };
}

export function openLog(options: LogOptions): Logger {
  return createLogger({
    level: options.level,
    format: format.combine(format.timestamp(), format.json({ replacer: tellErrors })),
    transports: [
      new transports.Console(),
      ...(options.file === undefined ? [] : [new transports.File({ filename: options.file })]),
    ],
  });
}

/** A card number fit for a log: its ends only. */
export function maskCardNumber(number: string): string {
  return number.length <= 4 ? '****' : `${number.slice(0, 2)}${'*'.repeat(number.length - 4)}${number.slice(-2)}`;
}
