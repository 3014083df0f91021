// Seals the business day that has ended: the digests of all that was recorded since the seal before, and of what has changed of
// earlier days, chained to that seal. Tills are served meanwhile: it reads in pieces and writes in short transactions.
import { keyedSources } from '../../db/seals/keyed-source.ts';
import { findMarks, numberedSources, type NumberedSource, type SealedMarks } from '../../db/seals/numbered-source.ts';
import { insertSeal, insertSealPart, removeOpenParts, type Seal } from '../../db/seals/seal.ts';
import type { LocalDate, LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Infobase } from '../infobase.ts';
import { releaseRunnerLease, renewRunnerLease, takeRunnerLease, type Held, type Runner } from '../runner-lease.ts';
import { compareKeyed } from './compare-keyed.ts';
import { compareNumbered, readMarkedReceipts, readUnits } from './compare-numbered.ts';
import { findDueSeal, type DueSeal } from './find-due-seal.ts';
import { LeaseLost, PartWriter } from './part-writer.ts';
import { addPart, beginSealDigest, endSealDigest } from './seal-digest.ts';
import { beforeAll, findMarkOf, isCardExplained, loadSealScope, mayCardsDiffer, type SealScope } from './seal-scope.ts';
import { digestUnit, goneDigest } from './unit-part.ts';

export interface SealOptions extends Runner {
  /** The time of the day at which the night begins. */
  readonly nightTime: string;
  /** Awaited after each transaction: the time in which tills' writes can come in. */
  readonly pause?: () => Promise<void>;
  readonly shouldStop?: () => boolean;
}

export type SealEnd =
  | { readonly code: 'sealed'; readonly seal: Seal }
  | Exclude<DueSeal, { readonly code: 'due' }>
  | Held
  | { readonly code: 'stopped' };

/** The columns that are read, and how. A later form is another number; this one stays, to check what it has sealed. */
export const sealForm = 1;

class Stopped extends Error {}

export async function sealDay(infobase: Infobase, now: LocalDateTime, options: SealOptions): Promise<SealEnd> {
  const begun = await begin(infobase, now, options);
  if (begun.code !== 'begun') return begun;
  try {
    return await write(infobase, now, begun, options);
  } catch (reason) {
    if (reason instanceof LeaseLost) return reason.held;
    if (reason instanceof Stopped) return { code: 'stopped' };
    throw reason;
  } finally {
    await infobase.db.write((trx) => releaseRunnerLease(trx, 'seal', options));
  }
}

interface Begun {
  readonly code: 'begun';
  readonly businessOn: LocalDate;
  readonly sealId: number;
  readonly previous: string;
  readonly marks: SealedMarks;
  readonly scope: SealScope;
}

type NotBegun = Exclude<SealEnd, { readonly code: 'sealed' | 'stopped' }>;

/** With the marks written, a repair opens documents of its own after them. */
function begin(infobase: Infobase, now: LocalDateTime, options: SealOptions): Promise<Begun | NotBegun> {
  return infobase.db.write(async (trx): Promise<Begun | NotBegun> => {
    const due = await findDueSeal(infobase, trx, now, options.nightTime);
    if (due.code !== 'due') return due;
    const held = await takeRunnerLease(trx, 'seal', options);
    if (held !== undefined) return held;
    const { businessOn, last } = due;
    const sealId = (last?.id ?? 0) + 1;
    await removeOpenParts(trx, sealId - 1);
    const marks = await findMarks(trx);
    await insertSealPart(trx, marksPart(sealId, marks));
    const scope = await loadSealScope(trx, infobase.timeZone);
    return { code: 'begun', businessOn, sealId, previous: last?.digest ?? '', marks, scope };
  });
}

function marksPart(sealId: number, marks: SealedMarks) {
  return { sealId, number: 0, source: '', isAgain: 0, keys: JSON.stringify(marks), digests: '' };
}

async function write(
  infobase: Infobase,
  now: LocalDateTime,
  { businessOn, sealId, previous, marks, scope }: Begun,
  options: SealOptions,
): Promise<SealEnd> {
  const { pause = async () => undefined, shouldStop } = options;
  const look = (): void => {
    if (shouldStop?.() === true) throw new Stopped();
  };
  const hash = beginSealDigest();
  addPart(hash, marksPart(sealId, marks));
  const writer = new PartWriter(infobase, options, sealId, hash, pause);
  const areTogether = await sealMarkedReceipts(infobase, scope, marks, writer, look);
  for (const source of numberedSources) {
    const isDone = areTogether && (source.name === 'receipt' || source.name === 'receipt_mark');
    if (!isDone) await sealNew(infobase, scope, source, marks[source.name] ?? 0, writer, look);
    await sealChanged(infobase, scope, source, writer, look);
  }
  for (const source of keyedSources) {
    look();
    const open = writer.open(source.name, false);
    for await (const { key, text, isExplained } of compareKeyed(infobase, scope, source)) {
      // What nothing explains stays as it was sealed: every check goes on finding it.
      if (isExplained) writer.add(open, { key, digest: text === null ? goneDigest : digestUnit(text) });
      await writer.settle();
    }
    writer.close(open);
  }
  await writer.end();
  const head = { id: sealId, businessOn, sealedAt: now, form: sealForm, ...writer.taken, previous };
  const seal: Seal = { ...head, digest: endSealDigest(hash, head) };
  const held = await infobase.db.write(async (trx) => {
    const lost = await renewRunnerLease(trx, 'seal', options);
    if (lost === undefined) await insertSeal(trx, seal);
    return lost;
  });
  return held ?? { code: 'sealed', seal };
}

/** @returns false where marks are sealed from elsewhere than receipts, because billing was switched on since. */
async function sealMarkedReceipts(
  infobase: Infobase,
  scope: SealScope,
  marks: SealedMarks,
  writer: PartWriter,
  look: () => void,
): Promise<boolean> {
  const after = findMarkOf(scope, 'receipt', 'trade');
  if (after !== findMarkOf(scope, 'receipt_mark', 'billing')) return false;
  const receipts = writer.open('receipt', false);
  const markUnits = writer.open('receipt_mark', false);
  for await (const units of readMarkedReceipts(infobase, after ?? beforeAll, marks.receipt ?? 0)) {
    look();
    for (const { id, text, mark } of units) {
      writer.add(receipts, { key: id, digest: digestUnit(text) });
      if (mark !== null) writer.add(markUnits, { key: id, digest: digestUnit(mark) });
    }
    await writer.settle();
  }
  writer.close(receipts);
  writer.close(markUnits);
  return true;
}

async function sealNew(
  infobase: Infobase,
  scope: SealScope,
  source: NumberedSource,
  to: number,
  writer: PartWriter,
  look: () => void,
): Promise<void> {
  const after = findMarkOf(scope, source.name, source.group) ?? beforeAll;
  const open = writer.open(source.name, false);
  for await (const units of readUnits(infobase, source, after, to)) {
    look();
    for (const { id, text } of units) writer.add(open, { key: id, digest: digestUnit(text) });
    await writer.settle();
  }
  writer.close(open);
}

async function sealChanged(
  infobase: Infobase,
  scope: SealScope,
  source: NumberedSource,
  writer: PartWriter,
  look: () => void,
): Promise<void> {
  const { name, group } = source;
  if (findMarkOf(scope, name, group) === undefined) return;
  const open = writer.open(name, true);
  if (name === 'card' && mayCardsDiffer(scope)) {
    for await (const { key, sort, text } of compareNumbered(infobase, scope, source, { onPiece: look })) {
      if (sort === 'changed' && text !== null && isCardExplained(scope, text))
        writer.add(open, { key, digest: digestUnit(text) });
      await writer.settle();
    }
    writer.close(open);
    return;
  }
  const touched = [...(scope.touched.get(name) ?? [])].toSorted((a, b) => a - b);
  for (const id of touched) {
    const [unit] = (await readUnits(infobase, source, id - 1, id).next()).value ?? [];
    writer.add(open, { key: id, digest: unit === undefined ? goneDigest : digestUnit(unit.text) });
    await writer.settle();
  }
  writer.close(open);
}
