// The latest SOAP calls of each infobase with their texts, for the page that shows them. In memory: a hundred an infobase, the
// beginning of those that are large.
import type { LocalDateTime } from './ledger/local-date-time.ts';
import type { Envelope, RequestReport } from './request-report.ts';
import { readOctets, toOctets } from './soap/contract/octets.ts';

export interface KeptEnvelope {
  readonly id: number;
  readonly at: LocalDateTime;
  readonly operation: string;
  readonly kkm: string;
  readonly cardNumber: string;
  readonly user: string;
  /** A result code, or undefined where the reply is a fault. */
  readonly code: number | undefined;
  readonly status: number;
  readonly durationMs: number;
  /** The document that the call has made, as people call it; null if it has made none. */
  readonly document: string | null;
  readonly request: string;
  readonly reply: string;
  /** Whether only the beginning of a text was kept. */
  readonly isCut: boolean;
}

export interface EnvelopeLog {
  /** Of more than a hundred calls in a second the later ones are left out. */
  note(report: RequestReport): void;
  /** @returns the number under which it is found; 0 where the call has no texts. */
  keep(report: RequestReport): number;
  /** The latest first. */
  list(infobase: string): readonly KeptEnvelope[];
  find(infobase: string, id: number): KeptEnvelope | undefined;
}

const keptPerInfobase = 100;
/** Texts that live on make the garbage collector dear: with all of thousands a second a card read costs 12 us more. */
const keptPerSecond = 100;
const keptCharacters = 64 * 1024;

/** As it was reported: it is described only when somebody looks. */
interface Entry {
  readonly id: number;
  readonly at: LocalDateTime;
  readonly report: RequestReport;
}

interface Kept {
  readonly entries: (Entry | undefined)[];
  next: number;
  /** The second of the last call, and how many of it were kept. */
  second: LocalDateTime | undefined;
  ofSecond: number;
}

/** @param readNow the machine's clock: that of a test infobase stands still. */
export function keepEnvelopes(readNow: () => LocalDateTime): EnvelopeLog {
  const kept = new Map<string, Kept>();
  const findKept = (infobase: string): Kept => {
    let own = kept.get(infobase);
    if (own === undefined) kept.set(infobase, (own = { entries: [], next: 1, second: undefined, ofSecond: 0 }));
    return own;
  };
  const keep = (report: RequestReport): number => {
    const { infobase, envelope } = report;
    if (envelope === undefined) return 0;
    const own = findKept(infobase);
    const id = own.next;
    own.entries[id % keptPerInfobase] = {
      id,
      at: readNow(),
      report: isLarge(envelope) ? cut(report, envelope) : report,
    };
    own.next += 1;
    return id;
  };
  return {
    note(report) {
      const own = findKept(report.infobase);
      const second = readNow();
      if (second !== own.second) {
        own.second = second;
        own.ofSecond = 0;
      }
      own.ofSecond += 1;
      if (own.ofSecond <= keptPerSecond) keep(report);
    },
    keep,
    list(infobase) {
      const entries = kept.get(infobase)?.entries ?? [];
      return entries
        .filter((entry) => entry !== undefined)
        .map(describe)
        .toSorted((a, b) => b.id - a.id);
    },
    find(infobase, id) {
      const found = kept.get(infobase)?.entries.find((entry) => entry?.id === id);
      return found && describe(found);
    },
  };
}

function isLarge({ request, replyOctets }: Envelope): boolean {
  return request.length > keptCharacters || replyOctets.length > keptCharacters;
}

function cut(report: RequestReport, { request, replyOctets }: Envelope): RequestReport {
  const reply = copyStart(readOctets(replyOctets));
  return { ...report, envelope: { request: copyStart(request), replyOctets: toOctets(reply), isCut: true } };
}

function describe({ id, at, report }: Entry): KeptEnvelope {
  const { operation = '', kkm = '', cardNumber = '', user = '', code, status, durationMs, document = null } = report;
  const { request = '', replyOctets, isCut = false } = report.envelope ?? {};
  const reply = replyOctets === undefined ? '' : readOctets(replyOctets);
  const known = { operation, kkm, cardNumber, user, code: code as number | undefined, status, durationMs, document };
  return { id, at, ...known, request, reply, isCut };
}

/** A slice would keep the whole text in memory. */
function copyStart(text: string): string {
  return Buffer.from(text.slice(0, keptCharacters)).toString();
}
