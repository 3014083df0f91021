// Kinds of gift certificates.
import type { Kopecks } from '../../ledger/money.ts';
import type { Trx } from '../db.ts';
import { statement } from '../statement.ts';

type None = Record<string, never>;

export interface CertificateKind {
  readonly code: string;
  readonly name: string;
  /** Null: what the buyer pays. */
  readonly nominal: Kopecks | null;
  /** As a rule of life has it, counted from the sale: "years:1". */
  readonly life: string;
}

const kinds = statement<None, CertificateKind>((knex) =>
  knex('certificate_kind').select('code', 'name', 'nominal', 'life').orderBy('code'),
);
const kind = statement<{ code: string }, CertificateKind>((knex, p) =>
  knex('certificate_kind').select('code', 'name', 'nominal', 'life').where('code', p.code),
);
const saveKind = statement<{ code: string; name: string; nominal: number | null; life: string }>((knex, p) =>
  knex('certificate_kind')
    .insert({ code: p.code, name: p.name, nominal: p.nominal, life: p.life })
    .onConflict('code')
    .merge(),
);

export function listCertificateKinds(trx: Trx): Promise<CertificateKind[]> {
  return trx.list(kinds, {});
}

export function findCertificateKind(trx: Trx, code: string): Promise<CertificateKind | undefined> {
  return trx.first(kind, { code });
}

export async function saveCertificateKind(trx: Trx, changed: CertificateKind): Promise<void> {
  await trx.change(saveKind, { ...changed });
}
