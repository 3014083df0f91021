// What the rows of an opening balance file are judged by, and why an infobase or a request does not let the file in. It is
// loaded ahead of the reading and once more by the transaction that posts: it must be the same.
import { listCardKinds } from '../../db/catalogs/card-kind.ts';
import { listOpeningTermsOfKinds, type TermsOfKinds } from '../../db/catalogs/life-rule.ts';
import type { Trx } from '../../db/db.ts';
import { findStandingImport, type OpeningKind } from '../../db/opening/import-run.ts';
import { findStandingCards, listStandingOpenings, type StandingOpening } from '../../db/opening/standing-opening.ts';
import type { CardKind } from '../../ledger/card.ts';
import { dateOf, type LocalDate, type LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Infobase } from '../infobase.ts';
import { nameDocument } from '../operation-reply.ts';
import { loadOpeningStanding } from './load-opening-standing.ts';
import type { ImportField, ImportOpeningRequest } from './opening-request.ts';

/** A card of the file that stands in an opening document already. */
export interface CardOfOpening {
  readonly cardNumber: string;
  /** How people call the document. */
  readonly document: string;
}

/** Thrown to refuse, and to undo what the transaction has done. */
export class ImportRefused extends Error {
  readonly field: ImportField | null;
  readonly standing: readonly CardOfOpening[];

  constructor(field: ImportField | null, why: string, standing: readonly CardOfOpening[] = []) {
    super(why);
    this.field = field;
    this.standing = standing;
  }
}

export interface Ground {
  readonly lastNightOn: LocalDate | undefined;
  readonly terms: TermsOfKinds;
  readonly kinds: readonly CardKind[];
  /** The documents whose cards the file must not bring sums for. */
  readonly openings: readonly StandingOpening[];
}

export const documentKinds = {
  'opening-accumulation': 'OpeningAccumulation',
  'opening-balance': 'OpeningBalance',
} as const satisfies Readonly<Record<OpeningKind, string>>;

/** @throws ImportRefused */
export async function loadGround(
  trx: Trx,
  infobase: Infobase,
  now: LocalDateTime,
  { kind, datedOn, file, isForced, mayAdd, kindCode }: ImportOpeningRequest,
): Promise<Ground> {
  const loaded = await loadOpeningStanding(trx, infobase);
  if (!loaded.ok) throw new ImportRefused(null, loaded.why);
  const { billing, settings } = loaded.standing;
  if (kind === 'opening-accumulation' && settings.stage === 'billing') {
    throw new ImportRefused('kind', 'the infobase is in stage billing, which takes opening-balance');
  }
  if (kind === 'opening-balance' && billing === undefined) {
    throw new ImportRefused('kind', 'the infobase is not in stage billing, so it takes opening-accumulation');
  }
  if (datedOn > dateOf(now)) {
    throw new ImportRefused('datedOn', `the date ${datedOn} is later than today, ${dateOf(now)}`);
  }
  const before = await findStandingImport(trx, kind, file.sha256);
  if (before !== undefined && !isForced) {
    const { id, recordedAt, fileName } = before;
    throw new ImportRefused('isForced', `the same file was imported at ${recordedAt} (import ${id}, ${fileName})`);
  }
  const kinds = await listCardKinds(trx);
  if (kindCode !== null && !kinds.some(({ code }) => code === kindCode)) {
    throw new ImportRefused('kindCode', `there is no card kind "${kindCode}"`);
  }
  const isMeant = mayAdd || before !== undefined;
  return {
    kinds,
    lastNightOn: billing?.lastNightOn,
    // An opening balance is credited at its document's date, so a rule's delay does not count.
    terms: await listOpeningTermsOfKinds(trx, datedOn),
    openings: isMeant ? [] : await listStandingOpenings(trx, kind),
  };
}

/** How many cards that stand in an opening document already are named. */
const standingShown = 10;

/**
 * The same balances in another file must not come on top of themselves.
 * @throws ImportRefused
 */
export async function checkOpenings(infobase: Infobase, kind: OpeningKind): Promise<void> {
  const { cards, first, openings } = await infobase.db.stage(async (trx) => ({
    ...(await findStandingCards(trx, kind, standingShown)),
    openings: new Map((await listStandingOpenings(trx, kind)).map(({ documentId, datedAt }) => [documentId, datedAt])),
  }));
  if (cards === 0) return;
  const standing = first.map(({ cardNumber, documentId }) => {
    const datedAt = openings.get(documentId) as LocalDateTime;
    return { cardNumber, document: nameDocument(documentKinds[kind], documentId, datedAt) };
  });
  throw new ImportRefused(
    'mayAdd',
    `${cards} of the file's cards are in an earlier opening document of this kind`,
    standing,
  );
}
