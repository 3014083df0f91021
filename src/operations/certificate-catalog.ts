// Kinds of gift certificates, and certificates made by a range of numbers; both by the operator, in any stage.
import {
  findCertificate,
  findCertificateKind,
  issueCertificate,
  listCertificateKinds,
  listCertificateMovements,
  listCertificates,
  saveCertificateKind,
  type Certificate,
  type CertificateKind,
  type CertificateMovement,
} from '../db/certificate.ts';
import { formatLife, parseLife } from '../ledger/life-rule.ts';
import { dateOf, type LocalDateTime } from '../ledger/local-date-time.ts';
import { sumLimitKopecks, type Kopecks } from '../ledger/money.ts';
import { createNumbers, type CreatedNumbers } from './create-numbers.ts';
import type { Infobase } from './infobase.ts';
import { readNumberRange, type NumberRangeRequest } from './read-number-range.ts';

export type { Certificate, CertificateKind, CertificateMovement } from '../db/certificate.ts';

export interface CertificateKindChange {
  readonly code: string;
  readonly name?: string;
  readonly nominal?: Kopecks | null;
  readonly life?: string;
}

export type KindOutcome = { readonly ok: true; readonly isNew: boolean } | { readonly ok: false; readonly why: string };

const textLimit = 200;

export function listKinds(infobase: Infobase): Promise<readonly CertificateKind[]> {
  return infobase.db.read(listCertificateKinds);
}

/** A change of nominal or life touches certificates that are sold afterwards. */
export function saveKind(infobase: Infobase, now: LocalDateTime, change: CertificateKindChange): Promise<KindOutcome> {
  return infobase.db.write(async (trx) => {
    const known = await findCertificateKind(trx, change.code);
    const kind = { name: '', nominal: null, life: 'unlimited', ...known, ...change };
    const life = parseLife(kind.life);
    if (kind.code === '' || kind.code.length > textLimit)
      return { ok: false, why: 'CODE: expected 1 to 200 characters' };
    if (kind.name === '' || kind.name.length > textLimit) {
      return { ok: false, why: '--name: a new kind needs one, of 1 to 200 characters' };
    }
    if (kind.nominal !== null && (kind.nominal <= 0 || kind.nominal >= sumLimitKopecks)) {
      return { ok: false, why: '--nominal: expected a sum above 0, or free' };
    }
    if (life === undefined)
      return { ok: false, why: `--life: expected one such as years:1 or unlimited, got "${kind.life}"` };
    if (life.sort === 'fixed_date' && life.on <= dateOf(now)) {
      return { ok: false, why: `--life: ${formatLife(life)} is not after today, ${dateOf(now)}` };
    }
    await saveCertificateKind(trx, { ...kind, life: formatLife(life) });
    return { ok: true, isNew: known === undefined };
  });
}

export type IssueOutcome =
  CreatedNumbers | { readonly ok: false; readonly field: keyof NumberRangeRequest | 'kindCode'; readonly why: string };

/** Makes the certificates of a range of numbers; those there are already are left alone. */
export async function issueCertificates(
  infobase: Infobase,
  request: NumberRangeRequest & { readonly kindCode: string },
  isDryRun = false,
): Promise<IssueOutcome> {
  const range = readNumberRange(request);
  if (!range.ok) return range;
  const { kindCode } = request;
  const kind = await infobase.db.read((trx) => findCertificateKind(trx, kindCode));
  if (kind === undefined)
    return { ok: false, field: 'kindCode', why: `there is no kind of certificates "${kindCode}"` };
  return createNumbers(
    infobase,
    range,
    (trx, number) => issueCertificate(trx, number, kindCode),
    async (trx, number) => (await findCertificate(trx, number)) === undefined,
    { isDryRun },
  );
}

export function listLatest(infobase: Infobase, limit: number): Promise<readonly Certificate[]> {
  return infobase.db.read((trx) => listCertificates(trx, limit));
}

/** A certificate with everything that moved it; undefined where there is none of that number. */
export function showCertificate(
  infobase: Infobase,
  number: string,
): Promise<{ readonly certificate: Certificate; readonly movements: readonly CertificateMovement[] } | undefined> {
  return infobase.db.read(async (trx) => {
    const certificate = await findCertificate(trx, number);
    if (certificate === undefined) return undefined;
    return { certificate, movements: await listCertificateMovements(trx, certificate.id) };
  });
}
