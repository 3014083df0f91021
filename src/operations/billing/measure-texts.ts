// The three measures as people read them in the comments of documents.
import type { MeasureName } from '../../ledger/account.ts';

export const measureTexts: Readonly<Record<MeasureName, string>> = {
  bonus: 'бонусы',
  accumulation: 'накопление',
  receipts: 'чеки',
};
