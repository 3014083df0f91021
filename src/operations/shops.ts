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
} from '../db/shop.ts';
import type { Infobase } from './infobase.ts';

export type { Shop, Till } from '../db/shop.ts';

export type ShopOutcome = { readonly ok: true; readonly isNew: boolean } | { readonly ok: false; readonly why: string };

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
export function saveShop(infobase: Infobase, code: string, name: string | undefined): Promise<ShopOutcome> {
  return infobase.db.write(async (trx) => {
    const known = (await listAllShops(trx)).find((shop) => shop.code === code);
    const wanted = name ?? known?.name;
    if (code === '' || code.length > codeLimit)
      return { ok: false, why: `CODE: expected 1 to ${codeLimit} characters` };
    if (wanted === undefined || wanted === '' || wanted.length > nameLimit) {
      return { ok: false, why: `--name: expected 1 to ${nameLimit} characters for a new shop` };
    }
    await save(trx, { code, name: wanted });
    return { ok: true, isNew: known === undefined };
  });
}

/** A shop with tills, or with documents, stays: what was must keep its name. */
export function removeShop(infobase: Infobase, code: string): Promise<ShopOutcome> {
  return infobase.db.write(async (trx) => {
    const { tills, documents } = await countShopUses(trx, code);
    if (tills > 0) return { ok: false, why: `shop "${code}" stays: ${tills} tills stand in it (kkm tills set)` };
    if (documents > 0) return { ok: false, why: `shop "${code}" stays: documents name it` };
    if (!(await remove(trx, code))) return { ok: false, why: `there is no shop "${code}"` };
    return { ok: true, isNew: false };
  });
}

/** @param change what is left out stays, or is that of a new till: no shop, not synced. */
export function saveTill(
  infobase: Infobase,
  kkm: string,
  change: { readonly shopCode?: string | null; readonly isSynced?: boolean },
): Promise<ShopOutcome> {
  return infobase.db.write(async (trx) => {
    const known = (await listAllTills(trx)).find((till) => till.kkm === kkm);
    const till = { kkm, shopCode: null, isSynced: false, ...known, ...change };
    if (kkm === '' || kkm.length > codeLimit) return { ok: false, why: `KKM: expected 1 to ${codeLimit} characters` };
    const isKnownShop = till.shopCode === null || (await listAllShops(trx)).some(({ code }) => code === till.shopCode);
    if (!isKnownShop) return { ok: false, why: `--shop: there is no shop "${till.shopCode}" (kkm shops list)` };
    await saveTillRow(trx, till);
    return { ok: true, isNew: known === undefined };
  });
}

export function removeTill(infobase: Infobase, kkm: string): Promise<ShopOutcome> {
  return infobase.db.write(async (trx) => {
    if (!(await removeTillRow(trx, kkm))) return { ok: false, why: `there is no till "${kkm}"` };
    return { ok: true, isNew: false };
  });
}
