// Kinds of gift certificates, and certificates made by a range of numbers; both by the operator, in any stage.
import {
  findCertificate,
  issueCertificate,
  listCertificateMovements,
  listCertificates,
  type Certificate,
  type CertificateFilter,
  type CertificateMovement,
} from '../../db/certificates/certificate.ts';
import {
  findCertificateKind,
  listCertificateKinds,
  saveCertificateKind,
  type CertificateKind,
} from '../../db/certificates/certificate-kind.ts';
import { formatLife, parseLife } from '../../ledger/life-rule.ts';
import { dateOf, type LocalDateTime } from '../../ledger/local-date-time.ts';
import { sumLimitKopecks, type Kopecks } from '../../ledger/money.ts';
import { recordChange } from '../admin/record-change.ts';
import {
  createNumbers,
  type CreatedNumbers,
  type CreateNumbersOptions,
  type NumberMaker,
} from '../cards/create-numbers.ts';
import type { Infobase } from '../infobase.ts';
import { refuse, type Refusal } from '../refusal.ts';
import { writeOrRehearse } from '../rehearse.ts';
import { readNumberRange, type NumberRangeRequest } from '../cards/read-number-range.ts';

export type { CertificateKind } from '../../db/certificates/certificate-kind.ts';
export type { Certificate, CertificateMovement } from '../../db/certificates/certificate.ts';

export interface CertificateKindChange {
  readonly code: string;
  readonly name?: string;
  readonly nominal?: Kopecks | null;
  readonly life?: string;
}

export type KindOutcome = { readonly ok: true; readonly isNew: boolean } | Refusal<keyof CertificateKindChange>;

const textLimit = 200;

export function listKinds(infobase: Infobase): Promise<readonly CertificateKind[]> {
  return infobase.db.read(listCertificateKinds);
}

/** A change of nominal or life touches certificates that are sold afterwards. */
export function saveKind(
  infobase: Infobase,
  now: LocalDateTime,
  change: CertificateKindChange,
  isDryRun = false,
): Promise<KindOutcome> {
  return writeOrRehearse(infobase, isDryRun, async (trx): Promise<KindOutcome> => {
    const known = await findCertificateKind(trx, change.code);
    const kind = { name: '', nominal: null, life: 'unlimited', ...known, ...change };
    const life = parseLife(kind.life);
    if (kind.code === '' || kind.code.length > textLimit) {
      return refuse(`expected 1 to ${textLimit} characters`, { field: 'code' });
    }
    if (known === undefined && change.name === undefined) {
      return refuse('a new kind needs a name', { field: 'name', sort: 'missing' });
    }
    if (kind.name === '' || kind.name.length > textLimit) {
      return refuse(`expected 1 to ${textLimit} characters`, { field: 'name' });
    }
    if (kind.nominal !== null && (kind.nominal <= 0 || kind.nominal >= sumLimitKopecks)) {
      return refuse('expected a sum above 0, or free', { field: 'nominal' });
    }
    if (life === undefined) {
      return refuse(`expected one such as years:1 or unlimited, got "${kind.life}"`, { field: 'life' });
    }
    if (life.sort === 'fixed_date' && life.on <= dateOf(now)) {
      return refuse(`${formatLife(life)} is not after today, ${dateOf(now)}`, { field: 'life' });
    }
    const saved = { ...kind, life: formatLife(life) };
    await saveCertificateKind(trx, saved);
    await recordChange(trx, infobase, { subject: 'certificate_kind', key: kind.code, before: known, after: saved });
    return { ok: true, isNew: known === undefined };
  });
}

export interface CertificateRangeRequest extends NumberRangeRequest {
  readonly kindCode: string;
}

export type IssueOutcome =
  CreatedNumbers | { readonly ok: false; readonly field: keyof CertificateRangeRequest; readonly why: string };

/** Makes the certificates of a range of numbers; those there are already are left alone. */
export async function issueCertificates(
  infobase: Infobase,
  request: CertificateRangeRequest,
  options: CreateNumbersOptions = {},
): Promise<IssueOutcome> {
  const range = readNumberRange(request);
  if (!range.ok) return range;
  const { kindCode } = request;
  const kind = await infobase.db.read((trx) => findCertificateKind(trx, kindCode));
  if (kind === undefined)
    return { ok: false, field: 'kindCode', why: `there is no kind of certificates "${kindCode}"` };
  const maker: NumberMaker = {
    subject: 'certificates',
    fields: { kindCode },
    insert: (trx, number) => issueCertificate(trx, number, kindCode),
  };
  return createNumbers(infobase, range, maker, options);
}

/** With what it is sold for, or was: null where the buyer is to name it. */
export interface PricedCertificate extends Certificate {
  readonly price: Kopecks | null;
}

export interface ListCertificatesRequest extends CertificateFilter {
  readonly limit: number;
  /** The number that the last page ended with. */
  readonly after?: string;
}

export type ListCertificatesOutcome =
  | {
      readonly ok: true;
      /** The latest made first. */
      readonly certificates: readonly PricedCertificate[];
      /** The number to go on after; null where this is the last page. */
      readonly next: string | null;
    }
  | Refusal<'after' | 'kindCode'>;

export function listCertificatePage(
  infobase: Infobase,
  { limit, after, ...filter }: ListCertificatesRequest,
): Promise<ListCertificatesOutcome> {
  return infobase.db.read(async (trx): Promise<ListCertificatesOutcome> => {
    const prices = new Map((await listCertificateKinds(trx)).map(({ code, nominal }) => [code, nominal]));
    const { kindCode } = filter;
    if (kindCode !== undefined && !prices.has(kindCode)) {
      return refuse(`there is no kind of certificates "${kindCode}"`, { field: 'kindCode', sort: 'not_found' });
    }
    const last = after === undefined ? undefined : await findCertificate(trx, after);
    if (after !== undefined && last === undefined) {
      return refuse(`there is no certificate "${after}"`, { field: 'after', sort: 'not_found' });
    }
    // One more shows whether there is another page.
    const found = await listCertificates(trx, filter, last?.id ?? Number.MAX_SAFE_INTEGER, limit + 1);
    const certificates = found.slice(0, limit).map((one) => addPrice(one, prices.get(one.kindCode) ?? null));
    return { ok: true, certificates, next: found.length > limit ? (certificates.at(-1)?.number ?? null) : null };
  });
}

/** A certificate with its movements; undefined if no certificate has that number. */
export function showCertificate(
  infobase: Infobase,
  number: string,
): Promise<
  { readonly certificate: PricedCertificate; readonly movements: readonly CertificateMovement[] } | undefined
> {
  return infobase.db.read(async (trx) => {
    const certificate = await findCertificate(trx, number);
    if (certificate === undefined) return undefined;
    const kind = await findCertificateKind(trx, certificate.kindCode);
    const movements = await listCertificateMovements(trx, certificate.id);
    return { certificate: addPrice(certificate, kind?.nominal ?? null), movements };
  });
}

/** Once it is sold, what it was sold for is its nominal, whatever its kind has come to cost. */
function addPrice(certificate: Certificate, price: Kopecks | null): PricedCertificate {
  return { ...certificate, price: certificate.soldAt === null ? price : certificate.nominal };
}
