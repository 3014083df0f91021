// Words by which a row of a report is known to be something else than a row of its table.

const footWords =
  /^(?:(?:количество|кол-во)(?=\s)|(?:(?:общий|общая|общее|промежуточный|промежуточная|предварительный)\s+)?(?:итого|итог|итоги|всего|grand total|total|subtotal|sub-total)(?![\p{L}\p{N}]))/iu;
const asideWords =
  /^(?:(?:стр|страница|лист|page)\.?\s*(?:№\s*)?\d|(?:главный\s+|старший\s+)?бухгалтер|руководител|директор|управляющ|ответственн|исполнител|составил|проверил|сдал|принял|кассир|администратор|подпись|м\.\s?п\.|дата\s+(?:печати|формирования|отч)|сформирован|отч[её]т\s|период|_{3,})/iu;

/** 'foot' has sums or counts, 'aside' is a page number or a signature; undefined where the words say nothing. */
export function nameOtherRow(label: string): 'foot' | 'aside' | undefined {
  if (footWords.test(label)) return 'foot';
  return asideWords.test(label) || label.includes('____') ? 'aside' : undefined;
}

export interface FootCount {
  /** A card may have several rows. */
  readonly of: 'rows' | 'cards';
  /** Undefined where it follows in a cell of its own. */
  readonly count: number | undefined;
}

const number = '\\d[\\d\\s\\u00A0]{0,12}';
const counted = new RegExp(
  `(?<before>${number})?(?:(?<rows>записей|записи|запись|строк[аи]?|позици[йия]|records?|rows?)|карт[аы]?|карточ[а-яё]+|cards?)` +
    `(?!\\p{L})(?:[^\\p{N}]*(?<after>${number}))?`,
  'iu',
);

/** What "Всего записей: 3", "Итого 3 карты" or "Всего карт" counts; undefined for a foot row of sums. */
export function readFootCount(label: string): FootCount | undefined {
  const { groups } = counted.exec(label) ?? {};
  if (groups === undefined) return undefined;
  const digits = (groups.before ?? groups.after)?.replace(/[\s\u00A0]/g, '');
  return { of: groups.rows === undefined ? 'cards' : 'rows', count: digits === undefined ? undefined : Number(digits) };
}
