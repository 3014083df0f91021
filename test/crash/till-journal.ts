// What the simulated tills have sent and what they were answered: the judge of the service. A call that was answered is in the
// ledger, and every later answer to it is the same word for word but for the duplicate mark.
import type { TillCall } from './till-call.ts';

export interface Entry {
  readonly call: TillCall;
  /** Its first answer, with the duplicate mark taken out; undefined = none has come yet. */
  reply?: string;
  /** The answer 14: its cancel was there before it. */
  isRefused?: boolean;
  /** How often it was sent and not refused by a fault: without any it must not be in the ledger. */
  open: number;
  /** It is in a file for the exchange folder: nobody waits for an answer. */
  isByFile: boolean;
}

export interface Answer {
  readonly code: number;
  readonly isDuplicate: boolean;
}

export class TillJournal {
  /** By the call, in the order in which they were first sent. */
  readonly entries = new Map<TillCall, Entry>();
  /** Keys of the sales whose cancels were sent. */
  private readonly cancelled = new Set<string>();
  answered = 0;
  refused = 0;
  repeated = 0;

  noteSent(call: TillCall, isByFile = false): void {
    if (call.kind === 'Read') return;
    if (call.kind === 'Cancel') this.cancelled.add(call.key);
    for (const one of [call, ...call.calls]) {
      const entry = this.entries.get(one) ?? { call: one, open: 0, isByFile };
      entry.open += 1;
      this.entries.set(one, entry);
    }
  }

  /** The service could not, or would not any more: a fault says that nothing was recorded. */
  noteFault(call: TillCall): void {
    this.refused += 1;
    const entry = this.entries.get(call);
    // Of an upload the first hundreds may be recorded.
    if (entry !== undefined) entry.open -= 1;
  }

  /** @throws where the call was answered otherwise before, or is refused without a reason. */
  noteReply(call: TillCall, status: number, text: string): Answer {
    const code = Number(/<m:ResultCode>(\d+)</.exec(text)?.[1] ?? Number.NaN);
    if (status !== 200 || Number.isNaN(code)) throw new Error(`${call.kind} ${call.key}: HTTP ${status}: ${text}`);
    this.answered += 1;
    if (call.kind === 'Upload') this.noteUpload(call, code, text);
    else if (call.kind === 'Read') expectCode(call, code, [0]);
    else this.noteOne(call, code, text);
    return { code, isDuplicate: text.includes('<m:Duplicate>true<') };
  }

  isAnswered(call: TillCall): boolean {
    const entry = this.entries.get(call);
    return entry?.reply !== undefined || entry?.isRefused === true;
  }

  private noteOne(call: TillCall, code: number, text: string): void {
    const entry = this.entries.get(call);
    if (entry === undefined) throw new Error(`${call.key} was never sent`);
    if (this.isAnswered(call)) this.repeated += 1;
    if (code === 14 && this.mayBeCancelled(call)) {
      if (entry.reply === undefined) entry.isRefused = true;
      return;
    }
    expectCode(call, code, entry.isRefused === true ? [] : [0]);
    const reply = withoutMark(text);
    entry.reply ??= reply;
    if (entry.reply !== reply) throw new Error(`${call.kind} ${call.key}: not as before: ${entry.reply} <> ${reply}`);
  }

  /** A sale whose cancel was sent; a reserve that came after its own receipt. */
  private mayBeCancelled({ kind, key }: TillCall): boolean {
    if (kind === 'Sale') return this.cancelled.has(key);
    return kind === 'Reserve' && [...this.entries.keys()].some((one) => one.kind === 'Sale' && one.key === key);
  }

  private noteUpload(call: TillCall, code: number, text: string): void {
    expectCode(call, code, [0]);
    const results = Array.from(text.matchAll(/<m:Result>([^]*?)<\/m:Result>/g), ([, result = '']) => result);
    if (results.length !== call.calls.length) throw new Error(`upload ${call.key}: ${results.length} results`);
    const entry = this.entries.get(call);
    if (entry !== undefined) entry.reply ??= '';
    for (const [index, one] of call.calls.entries()) {
      const own = Number(/<m:ResultCode>(\d+)</.exec(results[index] ?? '')?.[1]);
      expectCode(one, own, this.mayBeCancelled(one) ? [0, 14] : [0]);
    }
  }
}

function expectCode({ kind, key }: TillCall, code: number, allowed: readonly number[]): void {
  if (!allowed.includes(code)) throw new Error(`${kind} ${key} was answered ${code}`);
}

function withoutMark(text: string): string {
  return text.replace(/<m:Duplicate>(true|false)</, '<m:Duplicate><');
}
