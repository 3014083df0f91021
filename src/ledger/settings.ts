// An infobase's settings: their names, forms and defaults. They live in the infobase's database and are passed as a value.
import { restoreTerms } from './billing.ts';
import { returnFigures } from './settlement.ts';

export const stages = ['cards', 'online', 'billing'] as const;

const oneOf = <const V extends string>(values: readonly V[]) => ({
  expected: `one of: ${values.join(', ')}`,
  isValid: (text: string): text is V => (values as readonly string[]).includes(text),
});

const wholeNumber = (least: number, greatest: number) => ({
  expected: `a whole number from ${least} to ${greatest}`,
  isValid: (text: string): text is string =>
    /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= greatest,
});

/** Every setting: default, accepted form, what it decides in words that operators see; where that comes from is in docs/fidelity. */
export const settingTable = {
  stage: {
    fallback: 'online',
    ...oneOf(stages),
    about: 'cards: KKMTransfer answers 8; online: tills are served; billing: accruals expire and the night runs',
  },
  holdTimeout: {
    fallback: '900',
    ...wholeNumber(1, 86_400),
    about: 'seconds until a hold is released by itself',
  },
  availability: {
    fallback: 'balance',
    ...oneOf(['balance', 'covered']),
    about: 'what may be spent in stage billing: the whole balance, or no more than the accruals that have not expired',
  },
  restoreTerm: {
    fallback: 'original',
    ...oneOf(restoreTerms),
    about: 'the write-off date of bonus that a return gives back',
  },
  lateOffline: {
    fallback: 'compensate',
    ...oneOf(['compensate', 'keep']),
    about: 'a document dated before a night that is done: correct what that night would have done, or leave it',
  },
  returnFigures: {
    fallback: 'till_or_proportion',
    ...oneOf(returnFigures),
    about: 'which bonus figures a return is posted with',
  },
  acceptCards: {
    fallback: 'true',
    ...oneOf(['true', 'false']),
    about: 'false: tills that ask about a card get 10, and receipts are still recorded; pseudo-online sync needs it',
  },
  role: {
    fallback: 'central',
    ...oneOf(['central', 'branch']),
    about: 'central: billing may be switched on here; branch: it may not',
  },
  zonedDates: {
    fallback: 'convert',
    ...oneOf(['convert', 'drop']),
    about: 'a date that names a time zone: converted to the zone of this base, or the zone dropped',
  },
  certificateRest: {
    fallback: 'stays',
    ...oneOf(['stays', 'burns']),
    about: 'what is left of a gift certificate after a redemption: it stays for the next one, or is written off',
  },
  certificatesPerReceipt: {
    fallback: 'several',
    ...oneOf(['several', 'one']),
    about: 'whether one receipt may redeem several gift certificates',
  },
  lineEnds: {
    fallback: 'crlf',
    ...oneOf(['crlf', 'lf']),
    about: 'line ends of the WSDL and of replies: crlf as a 1C publication on Windows has them, or lf',
  },
  reuseSessions: {
    fallback: 'dontuse',
    ...oneOf(['dontuse', 'use']),
    about: 'IBSession header and ibsession cookie: ignored, or handled as 1C does',
  },
} as const satisfies Record<string, Setting>;

export interface Setting {
  readonly fallback: string;
  readonly expected: string;
  readonly isValid: (text: string) => boolean;
  readonly about: string;
}

type Table = typeof settingTable;

export type SettingName = keyof Table;

type ValueOf<S> = S extends { readonly isValid: (text: string) => text is infer V extends string } ? V : never;

/** All settings of an infobase. Every value is a text that its table accepts. */
export type Settings = { readonly [Name in SettingName]: ValueOf<Table[Name]> };

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settingTable, name);
}

/** What is wrong with the text as that setting's value, or undefined. */
export function findSettingMistake(name: SettingName, text: string): string | undefined {
  const { isValid, expected }: Setting = settingTable[name];
  return isValid(text) ? undefined : `${name}: expected ${expected}, got "${text}"`;
}

/**
 * Reads stored settings. The name of a setting of another version is left out.
 * @throws where a value is not one that its table accepts: nobody stores such a value.
 */
export function readSettings(stored: readonly { readonly name: string; readonly value: string }[]): Partial<Settings> {
  const settings: Partial<Record<SettingName, string>> = {};
  for (const { name, value } of stored) {
    if (!isSettingName(name)) continue;
    const mistake = findSettingMistake(name, value);
    if (mistake !== undefined) throw new Error(`a stored setting is wrong: ${mistake}`);
    settings[name] = value;
  }
  return settings as Partial<Settings>;
}

export const defaultSettings: Settings = Object.fromEntries(
  Object.entries(settingTable).map(([name, setting]) => [name, setting.fallback]),
) as Settings;
