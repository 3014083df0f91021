// Seals, the parts from which their digests are made, and the breaks after which billing was sealed from its beginning again.
import type { LocalDate, LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Trx } from '../db.ts';
import { limitMark, statement } from '../statement.ts';
import type { SealedMarks } from './numbered-source.ts';

type None = Record<string, never>;

export interface Seal {
  readonly id: number;
  readonly businessOn: LocalDate;
  readonly sealedAt: LocalDateTime;
  readonly form: number;
  readonly units: number;
  readonly changed: number;
  /** Empty for the first. */
  readonly previous: string;
  /** SHA-256, as hexadecimal digits. */
  readonly digest: string;
}

export interface SealPart {
  readonly sealId: number;
  readonly number: number;
  readonly source: string;
  /** 1 = its units were sealed before, and have changed since. */
  readonly isAgain: number;
  readonly keys: string;
  /** 16 bytes a unit, in Base64. */
  readonly digests: string;
}

export type BreakReason = 'enabling' | 'disabling';

export interface SealBreak {
  readonly id: number;
  readonly afterSealId: number;
  readonly why: BreakReason;
}

const columns = {
  id: 'id',
  businessOn: 'business_on',
  sealedAt: 'sealed_at',
  form: 'form',
  units: 'units',
  changed: 'changed',
  previous: 'previous',
  digest: 'digest',
};
const partColumns = {
  sealId: 'seal_id',
  number: 'number',
  source: 'source',
  isAgain: 'is_again',
  keys: 'keys',
  digests: 'digests',
};

const all = statement<None, Seal>((knex) => knex('seal').select(columns).orderBy('id'));
const last = statement<None, Seal>((knex) => knex('seal').select(columns).orderBy('id', 'desc').limit(1));
const page = statement<{ before: number; limit: number }, Seal>((knex, p) =>
  knex('seal').select(columns).where('id', '<', p.before).orderBy('id', 'desc').limit(limitMark),
);
const insert = statement<{ [K in keyof Seal]: Seal[K] extends number ? number : string }>((knex, p) =>
  knex('seal').insert({
    id: p.id,
    business_on: p.businessOn,
    sealed_at: p.sealedAt,
    form: p.form,
    units: p.units,
    changed: p.changed,
    previous: p.previous,
    digest: p.digest,
  }),
);

type PartParameters = { [K in keyof SealPart]: SealPart[K] };
const insertPart = statement<PartParameters>((knex, p) =>
  knex('seal_part').insert({
    seal_id: p.sealId,
    number: p.number,
    source: p.source,
    is_again: p.isAgain,
    keys: p.keys,
    digests: p.digests,
  }),
);
const removeParts = statement<{ sealId: number }>((knex, p) =>
  knex('seal_part').where('seal_id', '>', p.sealId).delete(),
);
const partsOfSeal = statement<{ sealId: number; after: number; limit: number }, SealPart>((knex, p) =>
  knex('seal_part')
    .select(partColumns)
    .where('seal_id', p.sealId)
    .where('number', '>', p.after)
    .orderBy('number')
    .limit(limitMark),
);
type SourceParameters = {
  source: string;
  isAgain: number;
  sealId: number;
  number: number;
  lastSealId: number;
  limit: number;
};
const partsOfSource = statement<SourceParameters, SealPart>((knex, p) =>
  knex('seal_part')
    .select(partColumns)
    .where('source', p.source)
    .where('is_again', p.isAgain)
    .whereRaw('(seal_id > ? or seal_id = ? and number > ?)', [p.sealId, p.sealId, p.number])
    .where('seal_id', '<=', p.lastSealId)
    .orderBy(['seal_id', 'number'])
    .limit(limitMark),
);
const lastMarks = statement<None, { sealId: number; keys: string }>((knex) =>
  knex('seal_part').select({ sealId: 'seal_id', keys: 'keys' }).where('source', '').orderBy('seal_id', 'desc').limit(1),
);
const marksOfSeal = statement<{ sealId: number }, { keys: string }>((knex, p) =>
  knex('seal_part').select('keys').where('source', '').where('seal_id', p.sealId),
);
const breaks = statement<None, SealBreak>((knex) =>
  knex('seal_break').select({ id: 'id', afterSealId: 'after_seal_id', why: 'why' }).orderBy('id'),
);
const insertBreak = statement<{ why: string }>((knex, p) =>
  knex.raw(`insert into seal_break (after_seal_id, why) select coalesce(max(id), 0), cast(? as text) from seal`, [
    p.why,
  ]),
);

/** Oldest first. */
export function listSeals(trx: Trx): Promise<Seal[]> {
  return trx.list(all, {});
}

/** The latest first. */
export function listSealPage(trx: Trx, before: number, limit: number): Promise<Seal[]> {
  return trx.list(page, { before, limit });
}

export function findLastSeal(trx: Trx): Promise<Seal | undefined> {
  return trx.first(last, {});
}

export async function insertSeal(trx: Trx, seal: Seal): Promise<void> {
  await trx.change(insert, { ...seal });
}

export async function insertSealPart(trx: Trx, part: SealPart): Promise<void> {
  await trx.change(insertPart, { ...part });
}

/** Removes parts that no seal has closed: those of a sealing that was killed. */
export async function removeOpenParts(trx: Trx, lastSealId: number): Promise<void> {
  await trx.change(removeParts, { sealId: lastSealId });
}

export function listPartsOfSeal(trx: Trx, sealId: number, after: number, limit: number): Promise<SealPart[]> {
  return trx.list(partsOfSeal, { sealId, after, limit });
}

/** Parts of a source in seals up to `lastSealId`, after the part named, in their order. */
export function listPartsOfSource(
  trx: Trx,
  source: string,
  isAgain: boolean,
  after: { readonly sealId: number; readonly number: number },
  lastSealId: number,
  limit: number,
): Promise<SealPart[]> {
  return trx.list(partsOfSource, { source, isAgain: isAgain ? 1 : 0, ...after, lastSealId, limit });
}

/** How far everything had come at a seal; undefined where the part that says so is missing. */
export async function findSealedMarks(trx: Trx, sealId: number): Promise<SealedMarks | undefined> {
  const row = await trx.first(marksOfSeal, { sealId });
  return row === undefined ? undefined : readMarks(row.keys);
}

/** The last number of a source that is sealed, or is being sealed. */
export async function findSealedMark(trx: Trx, source: string): Promise<number> {
  const row = await trx.first(lastMarks, {});
  return row === undefined ? 0 : (readMarks(row.keys)?.[source] ?? 0);
}

function readMarks(text: string): SealedMarks | undefined {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === 'object' && found !== null ? (found as SealedMarks) : undefined;
  } catch {
    return undefined;
  }
}

export function listSealBreaks(trx: Trx): Promise<SealBreak[]> {
  return trx.list(breaks, {});
}

/** What is sealed of billing counts no more: the caller's transaction destroys it, or begins billing. */
export async function breakSeals(trx: Trx, why: BreakReason): Promise<void> {
  await trx.change(insertBreak, { why });
}
