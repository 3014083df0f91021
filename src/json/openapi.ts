// openapi.json, written from the endpoints: paths, parameters, bodies, answers, examples, roles.
import { z } from 'zod';
import { versionMark, type Endpoint, type Example, type FileInput } from './endpoint.ts';

type Json = Readonly<Record<string, unknown>>;

export interface OpenapiDocument {
  readonly openapi: '3.1.0';
  readonly info: Json;
  readonly servers: readonly Json[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>>; readonly [name: string]: unknown };
  readonly [name: string]: unknown;
}

export const errorBody = z
  .strictObject({
    code: z.int().meta({ description: 'Код результата, как у SOAP, или статус HTTP' }),
    text: z.string().meta({ description: 'Одно предложение: что не так и что делать' }),
    field: z.string().optional().meta({ description: 'Поле, о котором речь' }),
    mistakes: z
      .array(
        z.strictObject({
          line: z.int(),
          column: z.string().nullable(),
          value: z.string().nullable(),
          why: z.string(),
        }),
      )
      .optional()
      .meta({ description: 'Ошибки строк файла или списка, первые сто' }),
  })
  .meta({ id: 'Error' });

const meanings: Readonly<Record<number, string>> = {
  200: 'Ответ',
  201: 'Создано',
  202: 'Работа идёт в сервисе: её состояние по адресу work/{id}',
  204: 'Удалено',
  304: 'Не изменилось',
  400: 'Тело не JSON (код 400) или значение нельзя принять (код 11)',
  401: 'Нет имени и пароля, или они неверны',
  403: 'Роли мало (код 403), стадия «карты» (код 8) или нет расширенной подписки (код 9)',
  404: 'Нет того, что названо в адресе',
  406: 'В таком виде ответа нет',
  409: 'Правила базы не разрешают этого',
  412: 'Каталог изменился: If-Match называет не то, что есть',
  413: 'Тело больше допустимого',
  415: 'Тело не application/json',
  503: 'Монопольный режим (код 10), или сервис занят: повторите позже',
};

/** The statuses an endpoint may answer with; 500 is a defect and is not listed. */
export function statusesOf({ input, gate, statuses, roles, hasTag, takesTag }: Endpoint): number[] {
  const hasBody = input.body !== undefined || input.file !== undefined;
  const takes = input.path !== undefined || input.query !== undefined || hasBody;
  const mayForbid = gate !== 'none' || roles.length < 3;
  return [
    ...(statuses.some((status) => status < 300) ? [] : [200]),
    ...statuses,
    ...(hasTag === true ? [304] : []),
    ...(takes ? [400] : []),
    401,
    ...(mayForbid ? [403] : []),
    406,
    ...(takesTag === true ? [412] : []),
    ...(hasBody ? [413, 415] : []),
    503,
  ].toSorted((a, b) => a - b);
}

export function writeOpenapi(endpoints: readonly Endpoint[], base: string, version: string): OpenapiDocument {
  const paths: Record<string, Record<string, Json>> = {};
  for (const described of endpoints) {
    const endpoint = { ...described, examples: described.examples.map((example) => nameVersion(example, version)) };
    (paths[`/${endpoint.path}`] ??= {})[endpoint.method.toLowerCase()] = writeOperation(endpoint);
  }
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Дисконтный сервер',
      version,
      description:
        'HTTP-сервис базы: те же операции, коды и правила, что у SOAP-сервиса KKMTransfer. Суммы — точный текст, ' +
        'даты — время часов базы.',
    },
    servers: [{ url: base }],
    security: [{ basic: [] }],
    paths,
    components: {
      securitySchemes: {
        basic: { type: 'http', scheme: 'basic', description: 'Пользователи базы: till, admin, auditor' },
      },
      schemas: writeComponents(),
    },
  };
}

function nameVersion(example: Example, version: string): Example {
  const { reply } = example;
  return reply !== undefined && 'version' in reply && reply.version === versionMark
    ? { ...example, reply: { ...reply, version } }
    : example;
}

const refTo = (id: string): string => `#/components/schemas/${id}`;

/** Of every schema that has an id: what a request may hold, and what a reply holds. */
function writeComponents(): Record<string, Json> {
  const { schemas } = z.toJSONSchema(z.globalRegistry, { io: 'input', uri: refTo });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, withoutOwnAddress(schema as Json)]));
}

/** In a document of its own a schema says where it is and in which dialect; here the document does. */
function withoutOwnAddress({ $schema: _dialect, $id: _address, id: _id, ...schema }: Json): Json {
  return schema;
}

function referTo(schema: z.ZodType): Json {
  const id = schema.meta()?.id;
  if (id === undefined) throw new Error('a body of the service needs a schema with an id');
  return { $ref: refTo(id) };
}

function writeOperation(endpoint: Endpoint): Json {
  const { name, tag, summary, description, roles, input, examples } = endpoint;
  const parameters = [
    ...writeParameters('path', input.path, examples),
    ...writeParameters('query', input.query, examples),
    ...(endpoint.takeKey === undefined ? [] : [idempotencyKey]),
    ...(endpoint.takesTag === true ? [ifMatch] : []),
  ];
  return {
    operationId: name,
    tags: [tag],
    summary,
    description: [description, `Роли: ${roles.join(', ')}.`].filter(Boolean).join('\n\n'),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(input.body === undefined ? {} : { requestBody: writeBody(input.body, examples) }),
    ...(input.file === undefined ? {} : { requestBody: writeFile(input.file, examples) }),
    responses: Object.fromEntries(statusesOf(endpoint).map((status) => [status, writeResponse(endpoint, status)])),
  };
}

const idempotencyKey: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Ключ операции, если его нет в теле. Повтор с тем же ключом получает сохранённый ответ',
  schema: { type: 'string', maxLength: 100 },
};

const ifMatch: Json = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description: 'ETag списка, который видел клиент: если список с тех пор изменился, ничего не меняется',
  schema: { type: 'string' },
};

function writeParameters(
  where: 'path' | 'query',
  schema: z.ZodObject | undefined,
  examples: readonly Example[],
): Json[] {
  return Object.entries(schema?.shape ?? {}).map(([name, field]) => {
    const { description, default: _none, ...own } = withoutOwnAddress(z.toJSONSchema(field, { io: 'input' }) as Json);
    const given = examples.flatMap((example) => {
      const value = example[where]?.[name];
      return value === undefined ? [] : [[example.name, { value }] as const];
    });
    return {
      name,
      in: where,
      required: where === 'path' || !z.safeParse(field, undefined).success,
      ...(description === undefined ? {} : { description }),
      schema: withoutNull(own),
      ...(given.length === 0 ? {} : { examples: Object.fromEntries(given) }),
    };
  });
}

/** A parameter is there or is not: it is never null. */
function withoutNull(schema: Json): Json {
  const { anyOf, ...rest } = schema as { anyOf?: readonly Json[] };
  const some = anyOf?.find(({ type }) => type !== 'null');
  return some === undefined ? schema : { ...some, ...rest };
}

function writeBody(schema: z.ZodObject, examples: readonly Example[]): Json {
  const given = examples.flatMap(({ name, summary, body }) =>
    body === undefined ? [] : [[name, { summary, value: body }]],
  );
  return {
    required: true,
    content: {
      'application/json': {
        schema: referTo(schema),
        ...(given.length > 0 && { examples: Object.fromEntries(given) as Json }),
      },
    },
  };
}

function writeFile({ types }: FileInput, examples: readonly Example[]): Json {
  const given = examples.flatMap(({ name, summary, file }) =>
    file === undefined ? [] : [[name, { summary, value: file }] as const],
  );
  const [first, ...rest] = types;
  const binary = { schema: { type: 'string', format: 'binary' } };
  return {
    required: true,
    content: {
      ...Object.fromEntries(rest.map((type) => [type, binary])),
      [first as string]: { ...binary, ...(given.length > 0 && { examples: Object.fromEntries(given) as Json }) },
    },
  };
}

function writeResponse({ reply, examples, hasTag, rows }: Endpoint, status: number): Json {
  const description = meanings[status] ?? String(status);
  if (status === 204 || status === 304 || (status < 300 && reply === undefined)) return { description };
  const schema = referTo(status < 300 ? (reply as z.ZodType) : errorBody);
  const given = examples
    .filter((example) => example.status === status)
    .map(({ name, summary, reply: value }) => [name, { summary, value }]);
  return {
    description,
    ...(hasTag === true && status < 300 && { headers: { ETag: { schema: { type: 'string' } } } }),
    content: {
      'application/json': { schema, ...(given.length > 0 && { examples: Object.fromEntries(given) as Json }) },
      ...(rows !== undefined && status < 300 && rowContent),
    },
  };
}

const rowContent: Json = {
  'application/x-ndjson': { schema: { type: 'string', description: 'Строка JSON на запись, без страниц' } },
  'text/csv': { schema: { type: 'string', description: 'RFC 4180 с заголовком, без страниц' } },
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': {
    schema: { type: 'string', format: 'binary', description: 'XLSX, без страниц' },
  },
};
