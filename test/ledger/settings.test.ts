// The settings an infobase has: their defaults, and which texts are taken.
import { defaultSettings, isSettingName, settingTable, type SettingName } from '../../src/ledger/settings.ts';

test('every default is itself a valid text, and every setting says what it decides', () => {
  for (const [name, setting] of Object.entries(settingTable)) {
    expect([name, setting.isValid(setting.fallback)]).toEqual([name, true]);
    expect(defaultSettings[name as SettingName]).toBe(setting.fallback);
    expect(setting.about).not.toBe('');
    expect(setting.expected).not.toBe('');
  }
});

test.each<[name: SettingName, fallback: string, valid: string[], invalid: string[]]>([
  ['stage', 'online', ['cards', 'online'], ['', 'Online', 'offline']],
  ['holdTimeout', '900', ['1', '900', '86400'], ['0', '86401', '-1', '1.5', '15 min', '', '1e3', '9999999999']],
  [
    'returnFigures',
    'till_or_proportion',
    ['till_or_proportion', 'proportion', 'till'],
    ['', 'TILL', 'till_or_proportion '],
  ],
  ['lineEnds', 'crlf', ['crlf', 'lf'], ['cr', '\r\n']],
  ['reuseSessions', 'dontuse', ['dontuse', 'use'], ['yes']],
])('%s is %s unless set', (name, fallback, valid, invalid) => {
  expect(defaultSettings[name]).toBe(fallback);
  for (const text of valid) expect([text, settingTable[name].isValid(text)]).toEqual([text, true]);
  for (const text of invalid) expect([text, settingTable[name].isValid(text)]).toEqual([text, false]);
});

test('a name is a setting only where the table has it', () => {
  expect(isSettingName('stage')).toBe(true);
  for (const name of ['', 'Stage', 'toString', '__proto__', 'constructor']) expect(isSettingName(name)).toBe(false);
});
