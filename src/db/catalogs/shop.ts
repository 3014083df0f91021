// Shops, and the tills that stand in them. A till that is not in the catalog is served too; it has no shop.
import type { Trx } from '../db.ts';
import { raiseRevision } from '../admin/setting.ts';
import { statement } from '../statement.ts';

export interface Shop {
  readonly code: string;
  readonly name: string;
}

export interface Till {
  readonly kkm: string;
  readonly shopCode: string | null;
  /** Whether it is expected to confirm sync packages. */
  readonly isSynced: boolean;
}

type None = Record<string, never>;
type TillRow = Omit<Till, 'isSynced'> & { readonly isSynced: number };

const shops = statement<None, Shop>((knex) => knex('shop').select('code', 'name').orderBy('code'));
const saveShopRow = statement<{ code: string; name: string }>((knex, p) =>
  knex('shop').insert({ code: p.code, name: p.name }).onConflict('code').merge(),
);
const removeShopRow = statement<{ code: string }>((knex, p) => knex('shop').where('code', p.code).delete());
const shopUses = statement<{ code: string }, { tills: number; documents: number }>((knex, p) =>
  knex.raw(
    `select (select count(*) from till where shop_code = ?) as tills,
       (select count(*) from (select 1 from document where shop_code = ? limit 1) as used) as documents`,
    [p.code, p.code],
  ),
);
const tills = statement<None, TillRow>((knex) =>
  knex('till').select({ kkm: 'kkm', shopCode: 'shop_code', isSynced: 'is_synced' }).orderBy('kkm'),
);
const saveTillRow = statement<{ kkm: string; shopCode: string | null; isSynced: number }>((knex, p) =>
  knex('till').insert({ kkm: p.kkm, shop_code: p.shopCode, is_synced: p.isSynced }).onConflict('kkm').merge(),
);
const removeTillRow = statement<{ kkm: string }>((knex, p) => knex('till').where('kkm', p.kkm).delete());

export function listShops(trx: Trx): Promise<Shop[]> {
  return trx.list(shops, {});
}

export async function saveShop(trx: Trx, shop: Shop): Promise<void> {
  await trx.change(saveShopRow, { ...shop });
  await raiseRevision(trx);
}

/** The number of tills in the shop, and whether documents name it (1). */
export async function countShopUses(trx: Trx, code: string): Promise<{ tills: number; documents: number }> {
  return (await trx.first(shopUses, { code })) ?? { tills: 0, documents: 0 };
}

/** @returns whether there was such a shop. */
export async function removeShop(trx: Trx, code: string): Promise<boolean> {
  const isRemoved = (await trx.change(removeShopRow, { code })) > 0;
  if (isRemoved) await raiseRevision(trx);
  return isRemoved;
}

export async function listTills(trx: Trx): Promise<Till[]> {
  return (await trx.list(tills, {})).map((row) => ({ ...row, isSynced: row.isSynced === 1 }));
}

export async function saveTill(trx: Trx, { kkm, shopCode, isSynced }: Till): Promise<void> {
  await trx.change(saveTillRow, { kkm, shopCode, isSynced: isSynced ? 1 : 0 });
  await raiseRevision(trx);
}

/** @returns whether there was such a till. */
export async function removeTill(trx: Trx, kkm: string): Promise<boolean> {
  const isRemoved = (await trx.change(removeTillRow, { kkm })) > 0;
  if (isRemoved) await raiseRevision(trx);
  return isRemoved;
}

// One name after another, by the index on each table's key: a million receipts come from a few hundred tills.
const nextUnknown = statement<{ after: string }, { kkm: string | null }>((knex, p) =>
  knex.raw(
    `select min(kkm) as kkm from (select min(kkm) as kkm from receipt where kkm > ?
       union all select min(kkm) from sync_till where kkm > ?) as seen`,
    [p.after, p.after],
  ),
);

const isKnown = statement<{ kkm: string }, { kkm: string }>((knex, p) =>
  knex('till').select('kkm').where('kkm', p.kkm),
);

/** Tills that brought receipts or asked for sync packages and are not in the catalog. */
export async function listUnknownTills(trx: Trx): Promise<string[]> {
  const found: string[] = [];
  let kkm = (await trx.first(nextUnknown, { after: '' }))?.kkm ?? undefined;
  while (kkm !== undefined) {
    if ((await trx.first(isKnown, { kkm })) === undefined) found.push(kkm);
    kkm = (await trx.first(nextUnknown, { after: kkm }))?.kkm ?? undefined;
  }
  return found;
}
