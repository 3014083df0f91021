// Settings, users and clocks, as openapi.json shows them. A test plays each on a service of its own.
import type { Example } from '../endpoint.ts';

export const listSettings: readonly Example[] = [
  {
    name: 'all',
    summary: 'Все настройки',
    status: 200,
    reply: {
      settings: [
        {
          name: 'stage',
          value: 'online',
          isOwn: false,
          expected: 'one of: cards, online, billing',
          about: 'cards: KKMTransfer answers 8; online: tills are served; billing: accruals expire and the night runs',
        },
        {
          name: 'holdTimeout',
          value: '900',
          isOwn: false,
          expected: 'a whole number from 1 to 86400',
          about: 'seconds until a hold is released by itself',
        },
        {
          name: 'availability',
          value: 'balance',
          isOwn: false,
          expected: 'one of: balance, covered',
          about:
            'what may be spent in stage billing: the whole balance, or no more than the accruals that have not expired',
        },
        {
          name: 'restoreTerm',
          value: 'original',
          isOwn: false,
          expected: 'one of: original, new_life',
          about: 'the write-off date of bonus that a return gives back',
        },
        {
          name: 'lateOffline',
          value: 'compensate',
          isOwn: false,
          expected: 'one of: compensate, keep',
          about: 'a document dated before a night that is done: correct what that night would have done, or leave it',
        },
        {
          name: 'returnFigures',
          value: 'till_or_proportion',
          isOwn: false,
          expected: 'one of: till_or_proportion, proportion, till',
          about: 'which bonus figures a return is posted with',
        },
        {
          name: 'acceptCards',
          value: 'true',
          isOwn: false,
          expected: 'one of: true, false',
          about:
            'false: tills that ask about a card get 10, and receipts are still recorded; pseudo-online sync needs it',
        },
        {
          name: 'role',
          value: 'central',
          isOwn: false,
          expected: 'one of: central, branch',
          about: 'central: billing may be switched on here; branch: it may not',
        },
        {
          name: 'zonedDates',
          value: 'convert',
          isOwn: false,
          expected: 'one of: convert, drop',
          about: 'a date that names a time zone: converted to the zone of this base, or the zone dropped',
        },
        {
          name: 'certificateRest',
          value: 'stays',
          isOwn: false,
          expected: 'one of: stays, burns',
          about: 'what is left of a gift certificate after a redemption: it stays for the next one, or is written off',
        },
        {
          name: 'certificatesPerReceipt',
          value: 'several',
          isOwn: false,
          expected: 'one of: several, one',
          about: 'whether one receipt may redeem several gift certificates',
        },
        {
          name: 'lineEnds',
          value: 'crlf',
          isOwn: false,
          expected: 'one of: crlf, lf',
          about: 'line ends of the WSDL and of replies: crlf as a 1C publication on Windows has them, or lf',
        },
        {
          name: 'reuseSessions',
          value: 'dontuse',
          isOwn: false,
          expected: 'one of: dontuse, use',
          about: 'IBSession header and ibsession cookie: ignored, or handled as 1C does',
        },
      ],
    },
  },
];

export const getSetting: readonly Example[] = [
  {
    name: 'holdTimeout',
    summary: 'Сколько держится резерв',
    path: { name: 'holdTimeout' },
    status: 200,
    reply: {
      name: 'holdTimeout',
      value: '900',
      isOwn: false,
      expected: 'a whole number from 1 to 86400',
      about: 'seconds until a hold is released by itself',
    },
  },
];

export const saveSetting: readonly Example[] = [
  {
    name: 'holdTimeout',
    summary: 'Держать резерв пять минут',
    path: { name: 'holdTimeout' },
    body: { value: '300' },
    status: 200,
    reply: {
      name: 'holdTimeout',
      value: '300',
      isOwn: true,
      expected: 'a whole number from 1 to 86400',
      about: 'seconds until a hold is released by itself',
    },
  },
];

export const listUsers: readonly Example[] = [
  {
    name: 'all',
    summary: 'Все пользователи',
    status: 200,
    reply: {
      users: [
        { name: 'admin', role: 'admin', addedAt: '2026-11-22T12:00:00' },
        { name: 'auditor', role: 'auditor', addedAt: '2026-11-22T12:00:00' },
        { name: 'Касса № 1', role: 'till', addedAt: '2026-11-22T12:00:00' },
      ],
    },
  },
];

export const addUser: readonly Example[] = [
  {
    name: 'till',
    summary: 'Пользователь для касс',
    body: { name: 'Касса № 2', role: 'till', password: 'длинный пароль' },
    status: 201,
    reply: { name: 'Касса № 2', role: 'till', addedAt: '2026-11-22T12:00:00' },
  },
];

export const removeUser: readonly Example[] = [
  { name: 'auditor', summary: 'Удалить проверяющего', path: { name: 'auditor' }, status: 204 },
];

export const getClock: readonly Example[] = [
  { name: 'machine', summary: 'Обычная база', status: 200, reply: { now: '2026-11-22T12:00:00', isTest: false } },
];

export const moveClock: readonly Example[] = [
  {
    name: 'week',
    summary: 'На неделю вперёд',
    given: 'test clock',
    body: { advanceDays: 7 },
    status: 200,
    reply: { before: '2026-11-22T12:00:00', now: '2026-11-29T12:00:00', nights: [], dueNights: null },
  },
];
