// What the documents say of answers is what the code has: result codes and their order, statuses, flags, failures of commands,
// log lines.
import { readFileSync } from 'node:fs';
import { failureCodes } from '../../src/commands/command-io.ts';
import {
  describeCertificateObstacle,
  type CertificateAct,
  type CertificateObstacle,
} from '../../src/ledger/certificate-obstacle.ts';
import type { LocalDate } from '../../src/ledger/local-date-time.ts';
import { describeResult, resultCodes } from '../../src/ledger/result.ts';
import { textLimits } from '../../src/ledger/text-limits.ts';
import { receiptFlags } from '../../src/db/receipts/receipt.ts';
import { loadContract } from '../../src/soap/contract/contract.ts';
import { codeIn, readDocument, readSources, rowsUnder, withoutComments } from './markdown.ts';

const answers = readDocument('docs/result-codes.md');
const code = withoutComments(readSources('src'));

describe('result codes', () => {
  const rows = rowsUnder(answers, 'Result codes');

  test('are all there, with their names and sentences', () => {
    const known = Object.entries(resultCodes).map(([name, number]) => [String(number), name, describeResult(number)]);
    expect(rows.map((row) => row.slice(0, 3))).toEqual(known);
  });

  test('say what to do, or that they are not sent in this version', () => {
    for (const row of rows) expect([row[0], (row[3] ?? '') !== '']).toEqual([row[0], true]);
    const unsent = rows.filter((row) => row[3] === 'not sent in this version').map((row) => row[1]);
    const unused = Object.keys(resultCodes).filter((name) => !code.includes(`resultCodes.${name}`));
    expect(unsent).toEqual(unused);
  });
});

describe('the order of precedence', () => {
  const rows = rowsUnder(answers, 'Order of precedence');

  test('is given for every operation', () => {
    const named = rows.flatMap(([first = '']) =>
      [...first.matchAll(/[A-Z][a-z]+[A-Z]?[A-Za-z]*|Ping/g)].map(([name]) => name),
    );
    expect([...new Set(named)].toSorted()).toEqual(loadContract('wsdl/default').operations.toSorted());
  });

  test('is that of the comments over the operations', () => {
    const orders = [...readSources('src/operations').matchAll(/Order of refusals: (.*)/g)].flatMap(([, line = '']) =>
      [...line.matchAll(/\d+(?:, \d+)*/g)].map(([order]) => order),
    );
    expect(orders.length).toBeGreaterThanOrEqual(7);
    const documented = new Set(rows.map((row) => row[1]));
    expect(orders.filter((order) => !documented.has(order))).toEqual([]);
  });
});

test('the lengths of texts are given by the names of the contract', () => {
  const binding = JSON.parse(readFileSync('wsdl/default/binding.json', 'utf8')) as {
    readonly requests: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  };
  const shapes = Object.values(binding.requests);
  const known = Object.entries(textLimits).map(([field, limit]) => {
    return [shapes.find((shape) => Object.hasOwn(shape, field))?.[field]?.[0], String(limit)];
  });
  const documented = rowsUnder(answers, 'Lengths of texts').flatMap(([names = '', limit]) =>
    codeIn(names).map((name) => [name, limit]),
  );
  expect(documented).toEqual(known);
});

test('every code of a failure is listed, with its exit code', () => {
  const rows = rowsUnder(readDocument('docs/commands.md'), 'Exit codes, dry runs, answers for machines');
  expect(rows.map((row) => row[0])).toEqual(failureCodes.map((name) => `\`${name}\``));
  expect(rows.filter((row) => row[1] === '2').map((row) => row[0])).toEqual(['`usage`', '`settings`']);
});

test('every state of a certificate that forbids something has the sentence that a till gets', () => {
  const lastOn = '2026-11-30' as LocalDate;
  const documented: readonly (readonly [CertificateObstacle, CertificateAct])[] = [
    [{ sort: 'unknown' }, 'info'],
    [{ sort: 'not_sold', price: 100_000 }, 'redemption'],
    [{ sort: 'sold' }, 'sale'],
    [{ sort: 'too_little', balance: 60_000 }, 'redemption'],
    [{ sort: 'spent' }, 'redemption'],
    [{ sort: 'annulled' }, 'redemption'],
    [{ sort: 'run_out', lastOn }, 'redemption'],
    [{ sort: 'kind_ended', lastOn }, 'sale'],
    [{ sort: 'other_in_receipt' }, 'redemption'],
    [{ sort: 'used' }, 'cancel'],
  ];
  const rows = rowsUnder(readDocument('docs/certificates.md'), 'States of a certificate');
  expect(rows.map((row) => row[1])).toEqual(
    documented.map(([obstacle, act]) => describeCertificateObstacle(obstacle, act)),
  );
});

test('every flag of a receipt is explained', () => {
  const section = readFileSync('docs/receipts.md', 'utf8').split('## Flags of receipts')[1] ?? '';
  expect(receiptFlags.filter((flag) => !section.includes(`\`${flag}\``))).toEqual([]);
});

test('every HTTP status that the doors answer is listed, and no other', () => {
  const doors = [
    'soap/door',
    'soap/publication',
    'soap/server',
    'soap/sessions',
    'http/health',
    'operations/admin/credentials',
  ];
  const text = doors.map((door) => withoutComments(readFileSync(`src/${door}.ts`, 'utf8'))).join('\n');
  const answered = [...text.matchAll(/(?<![\w.-])(200|[45]\d\d)(?![\w.-])/g)].map(([, status]) => status ?? '');
  const documented = rowsUnder(answers, 'HTTP status').map((row) => row[0]);
  expect(documented).toEqual([...new Set(answered)].toSorted((a, b) => Number(a) - Number(b)));
});

test('every message of the log is listed with its level, and no other', () => {
  // A line of its own form is written whole, without winston.
  const calls = [/\blog\.(\w+)\('([^']+)'/g, /\blevel: '(\w+)', message: '([^']+)'/g];
  const logged = calls.flatMap((call) => [...code.matchAll(call)]).map(([, level, message]) => `${level} ${message}`);
  const documented = rowsUnder(readDocument('docs/running.md'), 'Log').flatMap(([messages = '', level]) =>
    codeIn(messages).map((message) => `${level} ${message}`),
  );
  expect(documented.toSorted()).toEqual([...new Set(logged)].toSorted());
});
