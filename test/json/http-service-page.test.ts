// docs/http-service.md: its table has every operation, and its two calls are answered as it says.
import { endpoints } from '../../src/json/endpoints.ts';
import { statusesOf } from '../../src/json/openapi.ts';
import { readDocument, rowsUnder } from '../docs/markdown.ts';
import { startService, till } from '../soap/testing-service.ts';
import { base, callJson, exampleState } from './testing-json.ts';

const page = readDocument('docs/http-service.md');
const findPath = (call: string): string => new RegExp(`http://127.0.0.1:8080${base}/(\\S+)`).exec(call)?.[1] ?? '';

test('the table has every operation, with its address and roles', () => {
  const rows = rowsUnder(page, 'Operations').map((row) => row.slice(0, 3));
  expect(rows).toEqual(
    endpoints.map(({ name, method, path, roles }) => [`\`${name}\``, `\`${method} ${path}\``, roles.join(', ')]),
  );
});

test('the table of errors has every status that an operation may be answered with', () => {
  const rows = rowsUnder(page, 'Answers and errors').map(([status = '']) => status);
  const errors = endpoints.flatMap(statusesOf).filter((status) => status >= 400);
  // Of an address itself, and of a defect.
  const known = new Set([...errors, 405, 500]);
  expect([...new Set(rows)]).toEqual([...known].toSorted((a, b) => a - b).map(String));
});

test('the calls are answered as it says', async () => {
  const [get = '', answer = '', post = ''] = page.blocks.map(({ text }) => text);
  const service = await startService({ before: { ...exampleState, cards: [{ number: '2900000000001' }] } });
  try {
    expect((await callJson(service, { path: findPath(get), user: till })).json).toEqual(JSON.parse(answer));
    const [line = ''] = post.split('\n');
    const body = post.split('\n').slice(1, -1).join('\n');
    const headers = { 'idempotency-key': /Idempotency-Key: ([^"]+)"/.exec(line)?.[1] ?? '' };
    const reply = await callJson(service, { path: findPath(line), user: till, body, headers });
    expect(reply.json).toMatchObject({ code: 0, operationId: '15-7', accumulationSum: '950.00' });
  } finally {
    await service.stop();
  }
});
