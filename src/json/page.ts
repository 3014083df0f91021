// The page that shows openapi.json to people: one file without scripts, readable without a network.
import type { OpenapiDocument } from './openapi.ts';

type Json = Readonly<Record<string, unknown>>;

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Json;
}

interface Media {
  readonly schema: { readonly $ref?: string };
  readonly examples?: Readonly<Record<string, { readonly summary: string; readonly value: unknown }>>;
}

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Readonly<Record<string, Media>> }>
  >;
}

export const pageStyle = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; }
h2 { border-top: 1px solid; margin-top: 3rem; padding-top: 1rem; }
code, pre { font: 14px/1.4 ui-monospace, monospace; }
pre { border: 1px solid; overflow-x: auto; padding: .5rem; }
table { border-collapse: collapse; }
td, th { border: 1px solid; padding: .25rem .5rem; text-align: left; vertical-align: top; }
`;

export function writePage(document: OpenapiDocument): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation: operation as unknown as Operation,
    })),
  );
  const tags = [...new Set(operations.flatMap(({ operation }) => operation.tags))];
  const { title, version, description } = document.info as { title: string; version: string; description: string };
  return `<!doctype html>
<html lang="ru">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(title)} ${escape(version)}</title>
<style>${pageStyle}</style>
</head>
<body>
<h1>${escape(title)} ${escape(version)}</h1>
<p>${escape(description)}</p>
<p><a href="openapi.json">openapi.json</a></p>
<nav>${tags.map((tag) => writeContents(tag, operations)).join('\n')}</nav>
${operations.map(writeOperation).join('\n')}
<h2 id="schemas">Типы</h2>
${Object.entries(document.components.schemas).map(writeSchema).join('\n')}
</body>
</html>
`;
}

interface Placed {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

function writeContents(tag: string, operations: readonly Placed[]): string {
  const own = operations.filter(({ operation }) => operation.tags.includes(tag));
  const items = own.map(
    ({ method, path, operation }) =>
      `<li><a href="#${operation.operationId}"><code>${method} ${escape(path)}</code></a> ${escape(operation.summary)}</li>`,
  );
  return `<h3>${escape(tag)}</h3><ul>${items.join('')}</ul>`;
}

function writeOperation({ method, path, operation }: Placed): string {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  const rows = parameters.map(
    (one) =>
      `<tr><td><code>${escape(one.name)}</code></td><td>${one.in}${one.required ? ', обязателен' : ''}</td><td>${escape(one.description ?? '')}</td></tr>`,
  );
  const answers = Object.entries(responses).map(
    ([status, { description: meaning, content = {} }]) =>
      `<tr><td>${status}</td><td>${escape(meaning)}</td><td>${Object.values(content).map(linkSchema).join(' ')}</td></tr>`,
  );
  const replies = Object.entries(responses).flatMap(([status, { content = {} }]) =>
    Object.values(content).map((media) => writeExamples(media, `Ответ ${status}`)),
  );
  const bodies = Object.entries(requestBody?.content ?? {}).map(
    ([type, media]) => `<p>Тело: ${linkSchema(media) || escape(type)}</p>${writeExamples(media, 'Запрос')}`,
  );
  return `<h2 id="${operationId}">${escape(summary)}</h2>
<p><code>${method} ${escape(path)}</code></p>
${description
  .split('\n\n')
  .map((text) => `<p>${escape(text)}</p>`)
  .join('')}
${rows.length === 0 ? '' : `<table><tr><th>Параметр</th><th>Где</th><th>Что это</th></tr>${rows.join('')}</table>`}
${bodies.join('')}
<table><tr><th>Статус</th><th>Когда</th><th>Тело</th></tr>${answers.join('')}</table>
${replies.join('')}`;
}

function linkSchema({ schema }: Media): string {
  const name = schema.$ref?.slice(schema.$ref.lastIndexOf('/') + 1) ?? '';
  return name === '' ? '' : `<a href="#schema-${escape(name)}">${escape(name)}</a>`;
}

function writeExamples({ examples = {} }: Media, title: string): string {
  return Object.values(examples)
    .map(
      ({ summary, value }) =>
        `<details><summary>${escape(title)}: ${escape(summary)}</summary><pre>${escape(typeof value === 'string' ? value : JSON.stringify(value, null, 2))}</pre></details>`,
    )
    .join('');
}

function writeSchema([name, schema]: readonly [string, Json]): string {
  return `<details id="schema-${escape(name)}"><summary>${escape(name)}</summary><pre>${escape(JSON.stringify(schema, null, 2))}</pre></details>`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
