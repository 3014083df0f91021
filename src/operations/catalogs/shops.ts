// The catalogs of shops and tills. Every change raises the revision, so a running service stamps documents by it at once.
import {
  countShopUses,
  listShops as listAllShops,
  listTills as listAllTills,
  listUnknownTills as listUnknown,
  removeShop as remove,
  removeTill as removeTillRow,
  saveShop as save,
  saveTill as saveTillRow,
  type Shop,
  type Till,
} from '../../db/catalogs/shop.ts';
import { recordChange } from '../admin/record-change.ts';
import type { Infobase } from '../infobase.ts';
import { refuse, type Refusal } from '../refusal.ts';
import { writeOrRehearse } from '../rehearse.ts';

export type { Shop, Till } from '../../db/catalogs/shop.ts';

export type ShopOutcome =
  { readonly ok: true; readonly isNew: boolean } | Refusal<'code' | 'name' | 'kkm' | 'shopCode'>;

const codeLimit = 50;
const nameLimit = 200;

export function listShops(infobase: Infobase): Promise<readonly Shop[]> {
  return infobase.db.read(listAllShops);
}

export function listTills(infobase: Infobase): Promise<readonly Till[]> {
  return infobase.db.read(listAllTills);
}

/** Tills that were served and that nobody has entered, so that their documents have no shop. */
export function listUnknownTills(infobase: Infobase): Promise<readonly string[]> {
  return infobase.db.read(listUnknown);
}

/** @param name left out, a known shop keeps its own. */
export function saveShop(
  infobase: Infobase,
  code: string,
  name: string | undefined,
  isDryRun = false,
): Promise<ShopOutcome> {
  return writeOrRehearse(infobase, isDryRun, async (trx): Promise<ShopOutcome> => {
    const known = (await listAllShops(trx)).find((shop) => shop.code === code);
    const wanted = name ?? known?.name;
    if (code === '' || code.length > codeLimit) {
      return refuse(`expected 1 to ${codeLimit} characters`, { field: 'code' });
    }
    if (wanted === undefined) return refuse('a new shop needs a name', { field: 'name', sort: 'missing' });
    if (wanted === '' || wanted.length > nameLimit) {
      return refuse(`expected 1 to ${nameLimit} characters`, { field: 'name' });
    }
    const shop = { code, name: wanted };
    await save(trx, shop);
    await recordChange(trx, infobase, { subject: 'shop', key: code, before: known, after: shop });
    return { ok: true, isNew: known === undefined };
  });
}

/** A shop with tills, or with documents, stays: what was must keep its name. */
export function removeShop(infobase: Infobase, code: string, isDryRun = false): Promise<ShopOutcome> {
  return writeOrRehearse(infobase, isDryRun, async (trx): Promise<ShopOutcome> => {
    const { tills, documents } = await countShopUses(trx, code);
    if (tills > 0) return refuse(`shop "${code}" stays: tills in it: ${tills}`, { remedy: 'move_tills' });
    if (documents > 0) return refuse(`shop "${code}" stays: documents name it`);
    const known = (await listAllShops(trx)).find((shop) => shop.code === code);
    if (known === undefined) return refuse(`there is no shop "${code}"`, { sort: 'not_found' });
    await remove(trx, code);
    await recordChange(trx, infobase, { subject: 'shop', key: code, before: known });
    return { ok: true, isNew: false };
  });
}

/** @param change what is left out stays, or is that of a new till: no shop, not synced. */
export function saveTill(
  infobase: Infobase,
  kkm: string,
  change: { readonly shopCode?: string | null; readonly isSynced?: boolean },
  isDryRun = false,
): Promise<ShopOutcome> {
  return writeOrRehearse(infobase, isDryRun, async (trx): Promise<ShopOutcome> => {
    const known = (await listAllTills(trx)).find((till) => till.kkm === kkm);
    const till = { kkm, shopCode: null, isSynced: false, ...known, ...change };
    if (kkm === '' || kkm.length > codeLimit) {
      return refuse(`expected 1 to ${codeLimit} characters`, { field: 'kkm' });
    }
    const isKnownShop = till.shopCode === null || (await listAllShops(trx)).some(({ code }) => code === till.shopCode);
    if (!isKnownShop) {
      return refuse(`there is no shop "${till.shopCode}"`, { field: 'shopCode', remedy: 'list_shops' });
    }
    await saveTillRow(trx, till);
    await recordChange(trx, infobase, { subject: 'till', key: kkm, before: known, after: till });
    return { ok: true, isNew: known === undefined };
  });
}

export function removeTill(infobase: Infobase, kkm: string, isDryRun = false): Promise<ShopOutcome> {
  return writeOrRehearse(infobase, isDryRun, async (trx): Promise<ShopOutcome> => {
    const known = (await listAllTills(trx)).find((till) => till.kkm === kkm);
    if (known === undefined) return refuse(`there is no till "${kkm}"`, { sort: 'not_found' });
    await removeTillRow(trx, kkm);
    await recordChange(trx, infobase, { subject: 'till', key: kkm, before: known });
    return { ok: true, isNew: false };
  });
}
