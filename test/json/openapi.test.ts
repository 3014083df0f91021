// openapi.json: an independent validator takes it, every answer fits it, every example in it is what the service answers.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startExample, stateOf, callJson, base } from './testing-json.ts';
import type { TestingService } from '../soap/testing-service.ts';
import { listOperations, openDocument, type Operation } from './testing-document.ts';

const document = openDocument();
const operations = listOperations(document);

/** In a process of its own: the validator is an ES module, which Jest's loader does not take on Node.js 20. */
async function validate(text: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'kkm-openapi-'));
  try {
    const file = join(folder, 'openapi.json');
    writeFileSync(file, text);
    const validator = 'node_modules/@seriousme/openapi-schema-validator/bin/validate-api-cli.js';
    const { stdout } = await promisify(execFile)(process.execPath, [validator, file]).catch((reason: object) => ({
      stdout: '',
      ...reason,
    }));
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('an independent validator takes the document for OpenAPI 3.1', async () => {
  const { valid, errors } = JSON.parse(await validate(JSON.stringify(document))) as {
    valid: boolean;
    errors?: unknown;
  };
  expect([valid, errors]).toEqual([true, undefined]);
});

test('the validator does not take every document', async () => {
  const spoilt = structuredClone(document) as { paths: Record<string, Record<string, object>> };
  spoilt.paths['/status'] = { get: { summary: 7 } };
  expect((JSON.parse(await validate(JSON.stringify(spoilt))) as { valid: boolean }).valid).toBe(false);
});

test('the service shows the document that is checked here', async () => {
  const service = await startExample();
  try {
    expect((await callJson(service, { path: 'openapi.json' })).json).toEqual(document);
  } finally {
    await service.stop();
  }
});

interface PlayedExample {
  readonly name: string;
  readonly operation: Operation;
  readonly example: string;
  readonly status: string;
}

const examples: PlayedExample[] = operations.flatMap((operation) =>
  Object.entries(operation.responses).flatMap(([status, { content }]) =>
    Object.keys(content?.['application/json']?.examples ?? {}).map((example) => ({
      name: `${operation.operationId} ${example}`,
      operation,
      example,
      status,
    })),
  ),
);

test('every operation has an example that is done', () => {
  const played = new Set(examples.filter(({ status }) => status < '300').map(({ operation }) => operation.operationId));
  // One that is answered 204 has nothing to show; its example is played with the codes.
  const shown = operations.filter(({ responses }) => responses['204'] === undefined);
  expect(shown.map(({ operationId }) => operationId).filter((id) => !played.has(id))).toEqual([]);
});

describe('an example is what the service answers:', () => {
  let service: TestingService | undefined;
  afterEach(() => service?.stop());

  test.each(examples)('$name', async ({ operation, example, status }) => {
    service = await startExample(stateOf(operation.operationId));
    let path = operation.path;
    const query = new URLSearchParams();
    for (const parameter of operation.parameters ?? []) {
      const value = parameter.examples?.[example]?.value;
      if (parameter.in === 'path') path = path.replace(`{${parameter.name}}`, encodeURIComponent(value ?? ''));
      else if (value !== undefined) query.set(parameter.name, value);
    }
    const [sent] = Object.entries(operation.requestBody?.content ?? {}).flatMap(([type, { examples: own = {} }]) =>
      own[example] === undefined ? [] : [{ type, body: own[example].value as object | string }],
    );
    const reply = await callJson(service, {
      method: operation.method,
      path: `${path.slice(1)}${query.size === 0 ? '' : `?${query.toString()}`}`,
      ...(sent === undefined ? {} : { body: sent.body, headers: { 'content-type': sent.type } }),
    });
    expect([String(reply.status), reply.json]).toEqual([
      status,
      operation.responses[status]?.content?.['application/json']?.examples?.[example]?.value,
    ]);
    operation.check(reply.status, reply.json);
  });
});

test('the page shows every operation, and needs nothing from outside', async () => {
  const service = await startExample();
  try {
    const page = await callJson(service, { path: 'docs' });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
    for (const { operationId, path } of operations) {
      expect([operationId, page.text.includes(`id="${operationId}"`)]).toEqual([operationId, true]);
      expect(page.text).toContain(path);
    }
    expect(page.text.match(/<script|(?:src|href)="(?:https?:)?\/\//g) ?? []).toEqual([]);
    const targets = [...page.text.matchAll(/href="#([^"]+)"/g)].map(([, target]) => target as string);
    expect(targets.filter((target) => !page.text.includes(`id="${target}"`))).toEqual([]);
  } finally {
    await service.stop();
  }
});

test('the document names the address it is served at', () => {
  expect(document.servers).toEqual([{ url: base }]);
});
