// The words of a wire for the service's own: «Действует» is an active card. Those of the schema and of recordings are taken.
import { ownWords, type WordKind } from '../binding/command-fields.ts';
import { isAny } from '../contract/schema.ts';
import type { ScalarPlace } from './draft-places.ts';

/** How the words of contracts look, the narrow forms first: «Неактивна» is not an active card. */
const forms: Readonly<Record<WordKind, readonly (readonly [own: string, form: RegExp])[]>> = {
  receiptKind: [
    ['Return', /refund|return|возврат/i],
    ['Sale', /sale|продаж|приход/i],
  ],
  cardStatus: [
    ['accrue_only', /accru|collect|начисл|накоп/i],
    ['blocked', /block|lock|inactive|блок|запре|недейств|неактив/i],
    ['active', /activ|open|valid|актив|действ/i],
  ],
  certificateState: [
    ['annulled', /annul|cancel|void|аннул|отмен/i],
    ['pre_redeemed', /part|pre|частич/i],
    ['redeemed', /redeem|used|spent|погаш|использ/i],
    ['issued', /issu|new|active|whole|выпущ|актив|цел|действ/i],
  ],
  stage: [
    ['billing', /billing|bonus|биллинг|бонус/i],
    ['online', /online|связ|онлайн/i],
    ['cards', /card|карт/i],
  ],
  documentKind: [
    ['OpeningAccumulation', /opening.*accumul|ввод.*накоп/i],
    ['OpeningBalance', /opening|ввод.*остат/i],
    ['WriteOff', /write|burn|списан/i],
    ['Accrual', /accru|начисл/i],
    ['TpOperation', /tp|report|отч[её]т|тп/i],
    ['KkmOperation', /kkm|till|ккм|связ/i],
  ],
};

const guess = 0.55;
const nearlySure = 0.9;
/** A person's words are not repeated: a word of a kind is one word. */
const oneWord = /^[\p{L}\d_-]{1,40}$/u;

export interface ChosenWords {
  readonly transform: 'text' | 'table';
  readonly table?: Readonly<Record<string, string>>;
  readonly factor: number;
  readonly why?: string;
}

export function chooseWords(kind: WordKind, { path, type, samples }: ScalarPlace): ChosenWords {
  const own: readonly string[] = ownWords[kind];
  const listed = isAny(type) ? undefined : type.values;
  const words = [...new Set([...(listed ?? []), ...samples])].filter((word) => oneWord.test(word));
  if (words.every((word) => own.includes(word))) {
    // Beside Russian names a Latin word of the service would be the only one.
    const isStrange = words.length === 0 && /[а-яё]/i.test(path);
    const why = "it writes the service's own word: give a table if the wire has others";
    return isStrange ? { transform: 'text', factor: guess, why } : { transform: 'text', factor: 1 };
  }
  const table: Record<string, string> = {};
  for (const word of words) {
    const meant = forms[kind].find(([, form]) => form.test(word))?.[0];
    if (meant !== undefined && !Object.values(table).includes(meant)) table[word] = meant;
  }
  const missing = own.filter((word) => !Object.values(table).includes(word));
  if (missing.length === 0)
    return { transform: 'table', table, factor: nearlySure, why: 'the words say what is meant' };
  for (const word of missing) table[word] = word;
  return { transform: 'table', table, factor: guess, why: `words for ${missing.join(', ')} are not known` };
}
