// The document as tests read it: its operations, and a check of an answer against what it says of it. Ajv is not what the
// service validates with.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { endpoints } from '../../src/json/endpoints.ts';
import { writeOpenapi, type OpenapiDocument } from '../../src/json/openapi.ts';
import { base } from './testing-json.ts';

interface Media {
  readonly schema: { readonly $ref: string };
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly examples?: Readonly<Record<string, { readonly value: string }>>;
}

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, { readonly content?: { readonly 'application/json'?: Media } }>>;
  /** @throws where an answer is not one of those that the document describes. */
  readonly check: (status: number, json: unknown) => void;
}

export function openDocument(): OpenapiDocument {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  return writeOpenapi(endpoints, base, version);
}

export function listOperations(document: OpenapiDocument): Operation[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addSchema(document, 'openapi.json');
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const own = operation as unknown as Operation;
      return { ...own, method: method.toUpperCase(), path, check: (status, json) => check(ajv, own, status, json) };
    }),
  );
}

function check(ajv: Ajv2020, { operationId, responses }: Operation, status: number, json: unknown): void {
  const described = responses[String(status)];
  if (described === undefined) throw new Error(`${operationId}: openapi.json has no status ${status}`);
  const media = described.content?.['application/json'];
  if (media === undefined) return;
  // Found, not compiled again: one schema checks hundreds of answers.
  const validate = ajv.getSchema(`openapi.json${media.schema.$ref}`);
  if (validate === undefined) throw new Error(`openapi.json has no ${media.schema.$ref}`);
  if (validate(json) !== true) throw new Error(`${operationId} ${status}: ${ajv.errorsText(validate.errors)}`);
}
