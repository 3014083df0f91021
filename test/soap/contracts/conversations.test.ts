// The golden conversations of the default contract in the words of the other contracts that ship: each request is translated
// to the other one by the data of the two bindings, each reply is read back, and the answers and the ledger at the end are
// the same. SOAP itself is the subject of test/soap/golden.test.ts.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readOctets } from '../../../src/soap/contract/octets.ts';
import { UnreadableRequest } from '../../../src/soap/contract/unreadable-request.ts';
import { moment, noon, openTestInfobase } from '../../operations/testing-infobase.ts';
import type { CallReport } from '../../../src/request-report.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { openSoapServer, type SoapServer } from '../../../src/soap/server.ts';
import { fillInfobase, findLastDocument, readAfter, type After, type Before } from '../testing-state.ts';
import { readAnswer } from './read-answer.ts';
import { readCall } from './read-call.ts';
import { listFoundCalls, openTestedContract, type TestedContract } from './tested-contract.ts';
import type { ToldCall, ToldFields, Version } from './told.ts';
import { versions } from './told.ts';
import { writeCall } from './write-call.ts';

const root = 'fixtures/soap';
const byDefault = openTestedContract('wsdl/default');
const shipped = ['wsdl/flat-cyrillic', 'wsdl/xml-in-string'];

interface Exchange {
  readonly call: ToldCall;
  readonly answer: ToldFields;
}

interface Conversation {
  readonly folder: string;
  readonly before: Before;
  readonly after: After;
  readonly exchanges: readonly Exchange[];
}

function readText(folder: string, file: string): string {
  return readFileSync(join(root, folder, file), 'utf8');
}

/** @throws UnreadableRequest */
function readConversation(folder: string): Conversation {
  const has = (at: number): boolean => existsSync(join(root, folder, `request-${at}.xml`));
  const endings: string[] = [];
  for (let at = 1; has(at); at += 1) endings.push(`-${at}.xml`);
  const exchanges = (endings.length === 0 ? ['.xml'] : endings).map((ending) => {
    const call = readCall(byDefault, readText(folder, `request${ending}`));
    return { call, answer: readAnswer(byDefault, call.command, readText(folder, `response${ending}`)) };
  });
  return {
    folder,
    before: JSON.parse(readText(folder, 'before.json')) as Before,
    after: JSON.parse(readText(folder, 'after.json')) as After,
    exchanges,
  };
}

/** A conversation with a request that the default contract cannot read has no meaning that could be translated. */
function tryConversation(folder: string): Conversation | undefined {
  try {
    return readConversation(folder);
  } catch (reason) {
    if (!(reason instanceof UnreadableRequest)) throw reason;
    return undefined;
  }
}

const folders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .toSorted();
const conversations = folders.map(tryConversation).filter((one) => one !== undefined);

test('all conversations are translated, but those whose request cannot be read', () => {
  const known = new Set(conversations.map(({ folder }) => folder));
  const left = folders.filter((folder) => !known.has(folder));
  // The faults of the reader: golden.test.ts calls them by their codes.
  const faults = folders.filter((folder) => /__fault (?:Client|MustUnderstand|VersionMismatch) /.test(folder));
  expect(left).toEqual(faults);
  expect(conversations.length).toBe(folders.length - faults.length);
  expect(conversations.length).toBeGreaterThan(120);
  const commands = new Set(conversations.flatMap(({ exchanges }) => exchanges.map(({ call }) => call.command)));
  expect([...commands].toSorted()).toEqual(
    listFoundCalls(byDefault)
      .map(({ call }) => call.command)
      .toSorted(),
  );
});

test.each(shipped)('%s has an operation for each of the fifteen commands', (folder) => {
  const commands = listFoundCalls(openTestedContract(folder)).map(({ call }) => call.command);
  expect(commands.toSorted()).toEqual(
    listFoundCalls(byDefault)
      .map(({ call }) => call.command)
      .toSorted(),
  );
});

/** What cannot be known beforehand: the number of an incident. */
function maskAnswer(answer: ToldFields): ToldFields {
  if (typeof answer.fault !== 'string') return answer;
  return { fault: answer.fault.replace(/номер инцидента [0-9a-f]{8},/, 'номер инцидента 00000000,') };
}

/** A true or false in place of a code says no more than the code. */
function checkIsDone({ isDone, ...answer }: ToldFields): ToldFields {
  if (isDone !== undefined)
    expect([answer.code, isDone]).toEqual([answer.code, String(answer.code === '0' || answer.code === '12')]);
  return answer;
}

describe.each(shipped)('%s', (folder) => {
  const tested: TestedContract = openTestedContract(folder);
  let server: SoapServer;

  beforeAll(async () => {
    server = await openSoapServer(tested.contract, tested.binding);
  });

  async function ask(
    infobase: Infobase,
    clock: string | undefined,
    version: Version,
    call: ToldCall,
  ): Promise<ToldFields> {
    const { operation, xml } = writeCall(tested, call, version);
    const report: CallReport = {};
    const reply = await server.answer(xml, {
      infobase,
      now: clock === undefined ? noon : moment(clock),
      serviceVersion: '0.0.0',
      readZoned: infobase.timeZone.toLocal,
      lineEnd: '\r\n',
      report,
      sent: { body: Buffer.from(xml), headers: {} },
    });
    const answer = readAnswer(tested, call.command, readOctets(reply.octets));
    expect([report.operation, reply.version, reply.status]).toEqual([
      operation,
      version,
      answer.fault === undefined ? 200 : 500,
    ]);
    return checkIsDone(maskAnswer(answer));
  }

  test.each(conversations.map((one) => [one.folder, one] as const))(
    '%s',
    async (_name, { before, after, exchanges }) => {
      for (const version of versions) {
        const infobase = await openTestInfobase({ timeZone: 'Europe/Moscow', hasSubscription: true });
        await fillInfobase(infobase, before);
        const lastDocument = await findLastDocument(infobase);
        for (const { call, answer } of exchanges) {
          expect(await ask(infobase, before.clock, version, call)).toEqual(answer);
        }
        expect(await readAfter(infobase, lastDocument)).toEqual(after);
        await infobase.close();
      }
    },
  );
});
