// `kkm contract evidence`: every name with how it is known; a recording of the real base lifts a name, and is kept on request.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { openTestingLine, type TestingLine } from '../testing-io.ts';
import { makeContract } from '../../soap/binding/testing-contract.ts';

const table =
  'operation Card(Request CardRequest) -> Answer\n' +
  'operation Ping() -> boolean\n' +
  'type CardRequest: Till string, Number string?\n' +
  'type Answer: Code integer, Inner Answer?';
const binding = {
  requests: { card: { kkm: ['Till', 'requiredText'], cardNumber: ['Number', 'requiredText'] } },
  operations: {
    Card: { command: 'readCard', request: ['Request', 'shape', 'card'], reply: { 'return/Code': ['code', 'integer'] } },
    Ping: { command: 'ping', evidence: 'observed: the log of a till', reply: { return: ['isAlive', 'boolean'] } },
  },
};
const number = '2900000000017';

let line: TestingLine;
let folder: string;
let recordings: string;
beforeEach(() => {
  line = openTestingLine();
  folder = makeContract(table, binding);
  recordings = mkdtempSync(join(tmpdir(), 'kkm-base-'));
  writeFileSync(
    join(recordings, '01-Card.xml'),
    `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><t:Card xmlns:t="urn:test"><t:Request>` +
      `<t:Till>K-01</t:Till><t:Number>${number}</t:Number><t:Colour>red</t:Colour></t:Request></t:Card></e:Body></e:Envelope>`,
  );
  writeFileSync(join(recordings, '02-other.xml'), '<a/>');
});
afterEach(async () => {
  await line.close();
  for (const made of [folder, recordings]) rmSync(made, { recursive: true });
});

const write = (evidence: object) => writeFileSync(join(folder, 'evidence.json'), JSON.stringify(evidence));

test('every name once: operations, parameters, elements, with the mark of its line, its operation or the folder', async () => {
  write({
    default: 'assumed',
    source: 'nobody has seen it',
    names: { 'Card/Request/Till': { evidence: 'documented', source: 'manual, page 7' } },
  });
  expect((await line.run('contract', 'evidence', folder)).out).toEqual([
    'assumed    Card (nobody has seen it)',
    'assumed    Card/Request (nobody has seen it)',
    'documented Card/Request/Till (manual, page 7)',
    'assumed    Card/Request/Number (nobody has seen it)',
    'assumed    CardResponse (nobody has seen it)',
    'assumed    CardResponse/return (nobody has seen it)',
    'assumed    CardResponse/return/Code (nobody has seen it)',
    'assumed    CardResponse/return/Inner (nobody has seen it)',
    'observed   Ping (the log of a till)',
    'observed   PingResponse (the log of a till)',
    'observed   PingResponse/return (the log of a till)',
    '11 names: documented 1, observed 3, assumed 7',
  ]);
});

test('a recording lifts what comes in it, shows the file, and never a value', async () => {
  write({ names: { 'Card/Request/Till': { evidence: 'documented', source: 'manual' } } });
  const { code, out, err } = await line.run('contract', 'evidence', folder, '--recordings', recordings);
  const file = `${basename(recordings)}/01-Card.xml`;
  expect([code, err]).toEqual([0, []]);
  expect(out).toEqual([
    `observed   Card (${file}), was assumed`,
    `observed   Card/Request (${file}), was assumed`,
    `documented Card/Request/Till (manual), seen in ${file}`,
    `observed   Card/Request/Number (${file}), was assumed`,
    'assumed    CardResponse',
    'assumed    CardResponse/return',
    'assumed    CardResponse/return/Code',
    'assumed    CardResponse/return/Inner',
    'observed   Ping (the log of a till)',
    'observed   PingResponse (the log of a till)',
    'observed   PingResponse/return (the log of a till)',
    `not in the WSDL: Card/Request/Colour (${file})`,
    `skipped ${basename(recordings)}/02-other.xml: not an envelope with an element in its body`,
    '11 names: documented 1, observed 6, assumed 4',
  ]);
  expect(out.join('\n')).not.toContain(number);
  expect(readFileSync(join(folder, 'evidence.json'), 'utf8')).not.toContain('observed');
});

test('--write keeps it beside the binding, and the rest as it was', async () => {
  write({ about: 'ours', names: { 'Card/Request/Till': { evidence: 'documented', source: 'manual' } } });
  const { code, out } = await line.run('contract', 'evidence', folder, '--recordings', recordings, '--write');
  expect([code, out.at(-1)]).toEqual([0, `written to ${join(folder, 'evidence.json')}`]);
  const file = `${basename(recordings)}/01-Card.xml`;
  const text = readFileSync(join(folder, 'evidence.json'), 'utf8');
  expect(JSON.parse(text)).toEqual({
    about: 'ours',
    default: 'assumed',
    names: {
      'Card/Request/Till': { evidence: 'documented', source: 'manual' },
      Card: { evidence: 'observed', source: file },
      'Card/Request': { evidence: 'observed', source: file },
      'Card/Request/Number': { evidence: 'observed', source: file },
    },
  });
  expect(text).not.toContain(number);
  rmSync(recordings, { recursive: true });
  const { counts } = (await line.runJson('contract', 'evidence', folder)) as { readonly counts: object };
  expect(counts).toEqual({ documented: 1, observed: 6, assumed: 4 });
  recordings = mkdtempSync(join(tmpdir(), 'kkm-base-'));
});

test.each([
  ['a mark that is none', { names: { Card: { evidence: 'sure' } } }, 'names.Card.evidence: '],
  ['a key that is none', { nams: {} }, 'nams'],
  [
    'a name that the WSDL lacks',
    { names: { 'Cart/Request': { evidence: 'observed' } } },
    'evidence.json: names.Cart/Request: the WSDL has no such name (did you mean "Card"?)',
  ],
])('%s in evidence.json', async (_what, evidence, told) => {
  write(evidence);
  const { code, err } = await line.run('contract', 'evidence', folder);
  expect([code, err[0]?.includes(told)]).toEqual([1, true]);
});

test('--write without recordings is a mistake of usage', async () => {
  const { code, err } = await line.run('contract', 'evidence', folder, '--write');
  expect([code, err[0]]).toEqual([2, 'kkm contract evidence: --write needs --recordings DIR']);
});

test.each(['wsdl/default'])('%s: no source shows a name, as the fidelity pages say', async (shipped) => {
  const { names, counts } = (await line.runJson('contract', 'evidence', shipped)) as {
    readonly names: readonly { readonly evidence: string }[];
    readonly counts: object;
  };
  expect(counts).toEqual({ documented: 0, observed: 0, assumed: names.length });
  expect(readFileSync('docs/fidelity.md', 'utf8')).toContain('**Every name is assumed**');
});
