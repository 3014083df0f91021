// Every text of a page stands at its place in both languages: Russian as the source words it, English beside it.
export const languages = ['ru', 'en'] as const;
export type Language = (typeof languages)[number];

/** Chooses the text of the page's language. */
export type Say = (ru: string, en: string) => string;

export function sayIn(language: Language): Say {
  return (ru, en) => (language === 'ru' ? ru : en);
}

/** "1 чек", "2 чека", "5 чеков": the form of a Russian noun after a number. */
export function countedRu(count: number, one: string, few: string, many: string): string {
  const tens = Math.abs(count) % 100;
  const units = tens % 10;
  if (tens > 10 && tens < 20) return many;
  if (units === 1) return one;
  return units > 1 && units < 5 ? few : many;
}
