// The only error that the reading of a request throws: the text for the caller, ready for a fault.
import type { SoapVersion } from './soap-version.ts';

interface Circumstances {
  readonly fault?: 'client' | 'mustUnderstand' | 'versionMismatch';
  readonly version?: SoapVersion;
  readonly element?: string | undefined;
}

export class UnreadableRequest extends Error {
  readonly fault: 'client' | 'mustUnderstand' | 'versionMismatch';
  /** The version of the request's envelope; 1.1 if it was not reached. */
  readonly version: SoapVersion;
  /** The local name of the wrong element, if one can be named. */
  readonly element?: string;

  /** `message` is in Russian and fit for the person at the till's log. */
  constructor(message: string, { fault = 'client', version = '1.1', element }: Circumstances = {}) {
    super(message);
    this.fault = fault;
    this.version = version;
    if (element !== undefined) this.element = element;
  }
}

const echoLength = 40;

/**
 * A piece of the request for a message: short, and without characters that have a meaning for XML, for a terminal, or for
 * the clients of 1C, which cut a fault's text at its last "}:".
 */
export function sanitizeInput(text: string): string {
  const piece = text.slice(0, echoLength).replace(/[^\p{L}\p{N} .,:;+\-_/()]/gu, '?');
  return text.length > echoLength ? `${piece}…` : piece;
}

export function quoteInput(text: string): string {
  return `«${sanitizeInput(text)}»`;
}
