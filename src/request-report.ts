// What the log says of a request, whichever door took it.
import type { Octets } from './soap/contract/octets.ts';

/** What a call says of itself while it is answered. */
export interface CallReport {
  operation?: string;
  code?: unknown;
  cardNumber?: string;
  /** The till that calls. */
  kkm?: string;
  fault?: string;
  /** The document that the call has made, as people call it. */
  document?: string | null;
  defect?: { readonly incident: string; readonly reason: unknown };
}

/** One finished request, for the log. */
export interface RequestReport extends CallReport {
  infobase: string;
  readonly remote: string;
  user?: string;
  status: number;
  requestBytes: number;
  replyBytes: number;
  durationMs: number;
  /** The texts of a SOAP call, where its request could be decoded. */
  envelope?: Envelope;
}

export interface Envelope {
  readonly request: string;
  readonly replyOctets: Octets;
  /** Set where only the beginning of a text was kept. */
  readonly isCut?: true;
}
