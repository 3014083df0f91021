// What is counted on the path of a call. Every text that a client may choose is bounded: a series in Prometheus is for ever.
import { Registry } from 'prom-client';
import {
  durationBuckets,
  meterCalls,
  operationLimit,
  tillLimit,
  type CallMeter,
} from '../../../src/http/metrics/call-meter.ts';
import { declareFamilies } from '../../../src/http/metrics/families.ts';
import { fillCalls } from '../../../src/http/metrics/fill-calls.ts';
import type { RequestReport } from '../../../src/request-report.ts';
import { readExposition, type Sample } from './exposition.ts';

const answered: RequestReport = {
  infobase: 'trade',
  remote: '10.0.0.1',
  status: 200,
  requestBytes: 1,
  replyBytes: 1,
  durationMs: 1,
  operation: 'GetCardInfo',
  code: 0,
};

function fault(text: string): RequestReport {
  const { code: _, ...rest } = answered;
  return { ...rest, status: 500, fault: text };
}

async function read(meter: CallMeter, name: string): Promise<readonly Sample[]> {
  const registry = new Registry();
  fillCalls(declareFamilies(registry).calls, meter);
  return readExposition(await registry.metrics()).get(name)?.samples ?? [];
}

const { code: _code, operation: _operation, ...unread } = answered;
const own = { infobase: 'trade', door: 'soap', operation: 'GetCardInfo' };
const unnamed = { infobase: 'trade', door: 'soap', operation: 'none' };

test.each<[string, RequestReport, string, Readonly<Record<string, string>>]>([
  ['an answer', answered, 'kkm_calls_total', { ...own, code: '0' }],
  ['a refusal by a code', { ...answered, code: 14 }, 'kkm_calls_total', { ...own, code: '14' }],
  ['a code that is unknown', { ...answered, code: 77 }, 'kkm_calls_total', { ...own, code: 'other' }],
  ['a code that is a text', { ...answered, code: '4000001234567890' }, 'kkm_calls_total', { ...own, code: 'other' }],
  [
    'an answer without a code',
    { ...unread, operation: 'listCards' },
    'kkm_calls_total',
    { ...own, operation: 'listCards', code: 'none' },
  ],
  ['a fault', fault('no such type'), 'kkm_faults_total', { ...own, kind: 'fault' }],
  [
    'a defect',
    { ...unread, status: 500, defect: { incident: '1', reason: 'x' } },
    'kkm_faults_total',
    { ...unnamed, kind: 'defect' },
  ],
  [
    'no login',
    { ...unread, status: 401 },
    'kkm_http_refusals_total',
    { infobase: 'trade', door: 'soap', status: '401' },
  ],
  [
    'the client left',
    { ...unread, status: 0 },
    'kkm_http_refusals_total',
    { infobase: 'trade', door: 'soap', status: '0' },
  ],
  [
    'a code that is an HTTP status',
    { ...answered, status: 404, code: 404 },
    'kkm_http_refusals_total',
    { infobase: 'trade', door: 'soap', status: '404' },
  ],
])('%s is counted once', async (_what, report, name, labels) => {
  const meter = meterCalls(() => 5_000);
  meter.note('soap', report);
  const counted = [];
  for (const family of ['kkm_calls_total', 'kkm_faults_total', 'kkm_http_refusals_total']) {
    counted.push(...(await read(meter, family)).filter(({ value }) => value > 0));
  }
  expect(counted).toEqual([{ name, labels, value: 1 }]);
});

test('durations are summed up by bucket', async () => {
  const meter = meterCalls(() => 0);
  for (const durationMs of [0.5, 0.51, 40, 20_000]) meter.note('json', { ...answered, durationMs });
  const samples = await read(meter, 'kkm_call_duration_seconds');
  const buckets = samples.filter(({ labels }) => labels.le !== undefined);
  expect(buckets.map(({ labels }) => labels.le)).toEqual([...durationBuckets.map(String), '+Inf']);
  expect(buckets.map(({ value }) => value)).toEqual([1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 4]);
  const rest = samples.filter(({ labels }) => labels.le === undefined);
  expect(rest.map(({ name }) => name)).toEqual(['kkm_call_duration_seconds_sum', 'kkm_call_duration_seconds_count']);
  expect(rest[0]?.value).toBeCloseTo(20.04101, 9);
  expect(rest[1]?.value).toBe(4);
});

test('a till has the moment of its last call', async () => {
  let nowMs = 1_000;
  const meter = meterCalls(() => nowMs);
  meter.note('soap', { ...answered, kkm: 'Касса "1"' });
  meter.note('soap', { ...answered, kkm: 'Касса 2' });
  nowMs = 61_500;
  meter.note('soap', { ...answered, kkm: 'Касса "1"' });
  const name = 'kkm_till_last_call_timestamp_seconds';
  expect(await read(meter, name)).toEqual([
    { name, labels: { infobase: 'trade', kkm: 'Касса 2' }, value: 1 },
    { name, labels: { infobase: 'trade', kkm: 'Касса "1"' }, value: 61.5 },
  ]);
});

test('tills and operations are bounded, and so is the name of a till', async () => {
  const meter = meterCalls(() => 0);
  for (let index = 0; index < 2 * tillLimit; index += 1) {
    meter.note('soap', { ...answered, kkm: `till ${index}`, operation: `operation ${index}` });
  }
  const tills = await read(meter, 'kkm_till_last_call_timestamp_seconds');
  expect(tills).toHaveLength(tillLimit);
  expect(tills.at(-1)?.labels.kkm).toBe(`till ${2 * tillLimit - 1}`);
  const calls = await read(meter, 'kkm_calls_total');
  expect(calls).toHaveLength(operationLimit + 1);
  expect(calls.at(-1)).toMatchObject({ labels: { operation: 'other' }, value: 2 * tillLimit - operationLimit });
  meter.note('soap', { ...answered, kkm: 'x'.repeat(10_000) });
  expect((await read(meter, 'kkm_till_last_call_timestamp_seconds')).at(-1)?.labels.kkm).toHaveLength(64);
});

test('nothing of a card is counted', async () => {
  const meter = meterCalls(() => 0);
  meter.note('soap', { ...answered, cardNumber: '2900000001', user: 'Касса № 1', document: 'Чек 7' });
  const registry = new Registry();
  fillCalls(declareFamilies(registry).calls, meter);
  expect(await registry.metrics()).not.toMatch(/2900000001|10\.0\.0\.1|Касса|Чек/);
});
