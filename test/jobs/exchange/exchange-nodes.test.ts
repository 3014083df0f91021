// The exchange folder among several runners: each file is taken once, a killed one's work is gone on with to the state of an
// unbroken run, and files wait while tills are kept out.
import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { enterExclusiveMode, leaveExclusiveMode } from '../../../src/db/admin/exclusive-mode.ts';
import { Infobase } from '../../../src/operations/infobase.ts';
import { resultCodes } from '../../../src/ledger/result.ts';
import { dieAt } from '../../operations/night/testing-night.ts';
import { addCard, addKind, noon, setSetting } from '../../operations/testing-infobase.ts';
import { addFixtureCards, openTestingExchange, readBooks, type TestingExchange } from './testing-exchange.ts';

/** A shift of another number in the fixture's form. */
const shiftOf = (number: number): string =>
  readFileSync('fixtures/exchange/shift.json', 'utf8').replaceAll(/"ShiftNumber": *\d+/g, `"ShiftNumber": ${number}`);

let exchange: TestingExchange;
beforeEach(async () => {
  exchange = await openTestingExchange();
});
afterEach(() => exchange.close());

const files = 6;
const fill = (target: TestingExchange): void => {
  for (let number = 1; number <= files; number += 1) target.put('KKM-1', `${number}.json`, shiftOf(number));
};

async function readUnbroken(): Promise<object> {
  const model = await openTestingExchange();
  try {
    fill(model);
    await model.run();
    return await readBooks(model.infobase);
  } finally {
    await model.close();
  }
}

test('two nodes on one folder and one database take each file once', async () => {
  fill(exchange);
  const file = join(exchange.root, 'base.sqlite');
  const openNode = () => Infobase.open({ name: 'shared', file, hasSubscription: false });
  const nodes = [await openNode(), await openNode()] as const;
  try {
    const [first] = nodes;
    await addKind(first);
    await addFixtureCards(first);
    const loaded: string[] = [];
    const runs = nodes.map(async (infobase, index) => {
      for (let round = 0; round < 4; round += 1) {
        await exchange.run({
          infobase,
          holder: { holder: `node ${index}`, readMs: Date.now },
          onFile: ({ file: name, result }) => void loaded.push(`${name} ${result}`),
        });
      }
    });
    await Promise.all(runs);
    expect(loaded.toSorted()).toEqual(Array.from({ length: files }, (_, index) => `${index + 1}.json loaded`));
    expect(exchange.list('KKM-1', 'done').filter((name) => !name.endsWith('.report.json'))).toHaveLength(files);
    expect(await readBooks(first)).toEqual(await readUnbroken());
  } finally {
    await Promise.all(nodes.map((node) => node.close()));
  }
});

test.each(['before', 'after'])(
  'killed %s any commit, the next run ends as an unbroken one',
  async (where) => {
    const unbroken = await readUnbroken();
    let isFinished = false;
    for (let writes = 1; !isFinished; writes += 1) {
      const broken = await openTestingExchange();
      try {
        fill(broken);
        const dying = dieAt(broken.infobase, writes, where);
        await broken.run({ infobase: dying.infobase }).catch((reason: Error) => expect(reason.message).toBe('killed'));
        isFinished = dying.hasLived();
        // The dead runner's lease has run out.
        const later = { holder: 'two', readMs: () => Date.now() + 3_600_000 };
        expect(await broken.run({ holder: later })).toMatchObject({ code: 'done', failed: 0 });
        expect([writes, await readBooks(broken.infobase)]).toEqual([writes, unbroken]);
        expect(broken.list('KKM-1', 'work')).toEqual([]);
        expect(broken.list('KKM-1', 'done').filter((name) => !name.endsWith('.report.json'))).toHaveLength(files);
      } finally {
        await broken.close();
      }
    }
  },
  60_000,
);

test('a claimed file of a runner that died before it posted anything is loaded', async () => {
  exchange.put('KKM-1', 'work.tmp', shiftOf(1));
  await exchange.run();
  exchange.put(join('KKM-1', 'work'), '1.json', shiftOf(1));
  expect(await exchange.run()).toMatchObject({ loaded: 1, accepted: 4 });
  expect(exchange.list('KKM-1', 'done')).toEqual(['1.json', '1.json.report.json']);
});

test('a file renamed late, between two looks, is taken by the next', async () => {
  exchange.put('KKM-1', 'late.json.tmp', shiftOf(1));
  expect(await exchange.run()).toMatchObject({ loaded: 0 });
  renameSync(join(exchange.root, 'KKM-1', 'late.json.tmp'), join(exchange.root, 'KKM-1', 'late.json'));
  expect(await exchange.run()).toMatchObject({ loaded: 1, accepted: 4 });
});

test('in exclusive mode the files stay where they are, and are loaded afterwards', async () => {
  fill(exchange);
  const { infobase } = exchange;
  await infobase.db.write((trx) => enterExclusiveMode(trx, { purpose: 'enabling', sinceAt: noon }));
  expect(await exchange.run()).toEqual({ code: 'waiting', gate: resultCodes.exclusiveMode });
  expect(exchange.list('KKM-1')).toHaveLength(files);
  await infobase.db.write(leaveExclusiveMode);
  expect(await exchange.run()).toMatchObject({ code: 'done', loaded: files });
});

test('in stage cards receipts come by exchange alone', async () => {
  await setSetting(exchange.infobase, 'stage', 'cards');
  await addCard(exchange.infobase, { number: 'X' });
  exchange.put('KKM-1', '1.json', shiftOf(1));
  expect(await exchange.run()).toMatchObject({ code: 'done', loaded: 1, accepted: 4 });
});
