// Values the service gives out: tied one to one, put into later requests where they cannot be mistaken.
import { bindPlaces, putFreshValues } from '../../src/replay/bindings.ts';
import type { Bindings } from '../../src/replay/bindings.ts';
import type { MaskedPlace } from '../../src/replay/compare.ts';

function placeOf(expected: string, actual: string, boundAs: string | null = 'operation'): MaskedPlace {
  const place = { steps: [], end: 'element' as const };
  return {
    mask: { xpath: '//Id', why: 'a test', boundAs, file: 'masks.json', place },
    path: '/a/Id',
    expected,
    actual,
    isSame: expected === actual,
  };
}

test.each<[string, [string, string, (string | null)?][], (string | undefined)[]]>([
  [
    'one pair, again and again',
    [
      ['r1', 'f1'],
      ['r1', 'f1'],
    ],
    [],
  ],
  [
    'two pairs',
    [
      ['r1', 'f1'],
      ['r2', 'f2'],
    ],
    [],
  ],
  [
    'equal values',
    [
      ['r1', 'r1'],
      ['r1', 'r1'],
    ],
    [],
  ],
  [
    'no value on both sides',
    [
      ['', ''],
      ['xsi:nil', 'xsi:nil'],
    ],
    [],
  ],
  ['a value where there was none', [['', 'f1']], [undefined]],
  ['none where there was a value', [['r1', 'xsi:nil']], [undefined]],
  [
    'a second fresh value',
    [
      ['r1', 'f1'],
      ['r1', 'f2'],
    ],
    ['the recorded r1 came as f1 before'],
  ],
  [
    'one fresh value for two',
    [
      ['r1', 'f1'],
      ['r2', 'f1'],
    ],
    ['f1 came for the recorded r1 before'],
  ],
  [
    'one text under two names',
    [
      ['r1', 'f1', 'a'],
      ['r1', 'f2', 'b'],
    ],
    [],
  ],
  [
    'a mask without a name',
    [
      ['r1', 'f1', null],
      ['r1', 'f2', null],
    ],
    [],
  ],
])('%s', (_case, values, notes) => {
  const places = values.map(([expected, actual, name = 'operation']) => placeOf(expected, actual, name));
  expect(bindPlaces(new Map(), places).map((difference) => difference.note)).toEqual(notes);
});

describe('later requests', () => {
  const recorded = '7d5b0c2e-0000-4000-8000-00000000a001';
  const fresh = '11111111-2222-4333-8444-555555555555';
  const bindings: Bindings = new Map();
  bindPlaces(bindings, [
    placeOf(recorded, fresh),
    placeOf('7', '8'),
    placeOf('ОК-000000000000001', 'ОК-000000000000002'),
  ]);
  // Two values changing places: each is put in once, not one after the other.
  bindPlaces(bindings, [
    placeOf('aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb'),
    placeOf('bbbbbbbbbbbbbbbb', 'aaaaaaaaaaaaaaaa'),
  ]);

  test.each([
    ['the value of an element', `<Id>${recorded}</Id>`, `<Id>${fresh}</Id>`],
    [
      'CDATA and attributes',
      `<Id a="${recorded}"><![CDATA[${recorded}]]></Id>`,
      `<Id a="${fresh}"><![CDATA[${fresh}]]></Id>`,
    ],
    ['part of a longer word', `<Id>${recorded}0</Id>`, `<Id>${recorded}0</Id>`],
    ['values too short to be sure of', '<Version>7</Version>', '<Version>7</Version>'],
    ['Cyrillic is left as it is', '<D>ОК-000000000000001</D>', '<D>ОК-000000000000001</D>'],
    [
      'two that change places',
      '<a>aaaaaaaaaaaaaaaa</a><b>bbbbbbbbbbbbbbbb</b>',
      '<a>bbbbbbbbbbbbbbbb</a><b>aaaaaaaaaaaaaaaa</b>',
    ],
  ])('%s', (_case, before, after) => {
    expect(putFreshValues(Buffer.from(before), bindings).toString()).toBe(after);
  });

  test('bytes of any encoding come through', () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    expect(putFreshValues(bytes, bindings)).toEqual(bytes);
  });
});
