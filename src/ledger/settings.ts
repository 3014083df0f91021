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

/** Every setting: default, accepted form, what it decides and where that comes from. */
export const settingTable = {
  stage: {
    fallback: 'online',
    ...oneOf(stages),
    about: 'cards: KKMTransfer answers 8; online: tills are served; billing: sums age and the night runs (SEED)',
  },
  holdTimeout: {
    fallback: '900',
    ...wholeNumber(1, 86_400),
    about: 'seconds a reserve stands before it frees itself (DECIDED)',
  },
  availability: {
    fallback: 'balance',
    ...oneOf(['balance', 'covered']),
    about:
      'what may be spent under billing: the balance (SEED), or no more than accruals not yet due to burn (DECIDED)',
  },
  restoreTerm: {
    fallback: 'original',
    ...oneOf(restoreTerms),
    about: 'the term of bonus given back by a return (DECIDED)',
  },
  lateOffline: {
    fallback: 'compensate',
    ...oneOf(['compensate', 'keep']),
    about: 'a fact dated before a night already run: make good what the night would have done, or keep it (DECIDED)',
  },
  returnFigures: {
    fallback: 'till_or_proportion',
    ...oneOf(returnFigures),
    about: 'whose bonus figures count in a return (DECIDED)',
  },
  acceptCards: {
    fallback: 'true',
    ...oneOf(['true', 'false']),
    about:
      'false: tills that ask of a card get 10, while receipts are still taken note of; pseudo-online sync asks for it (SEED)',
  },
  role: {
    fallback: 'central',
    ...oneOf(['central', 'branch']),
    about: 'whether this is the base that billing may be switched on at (SEED), or that of a branch',
  },
  zonedDates: {
    fallback: 'convert',
    ...oneOf(['convert', 'drop']),
    about: 'a date that names a time zone: converted to the zone of this base, or the zone dropped',
  },
  certificateRest: {
    fallback: 'stays',
    ...oneOf(['stays', 'burns']),
    about: 'what is left of a gift certificate behind a redemption stays for the next one, or burns with it',
  },
  certificatesPerReceipt: {
    fallback: 'several',
    ...oneOf(['several', 'one']),
    about: 'whether one receipt may redeem several gift certificates',
  },
  lineEnds: {
    fallback: 'crlf',
    ...oneOf(['crlf', 'lf']),
    about: 'line ends of the WSDL and of replies: crlf as captured from Windows publications, lf [U]',
  },
  reuseSessions: {
    fallback: 'dontuse',
    ...oneOf(['dontuse', 'use']),
    about: 'IBSession header and ibsession cookie: ignored, or kept as 1C does (H5)',
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

/** Settings as they stand. Every value is a text that its table accepts. */
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
