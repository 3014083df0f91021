// Opening balances from a file: it is brought, its columns are recognised and may be changed, a dry run shows its totals and bad
// rows, then it is brought in. The imports so far, each of which may be reversed.
import { listCardKinds } from '../../operations/catalogs/list-card-kinds.ts';
import { findStage } from '../../operations/admin/find-stage.ts';
import { listImports } from '../../operations/opening/list-imports.ts';
import { openingNames } from '../../operations/opening/read-opening-sheet.ts';
import { reverseImport, type ReverseImportOutcome } from '../../operations/opening/reverse-import.ts';
import { openTableFile, UnreadableTable } from '../../tables/open-table-file.ts';
import { previewTable, type TablePreview } from '../../tables/preview-table.ts';
import { normalizeName } from '../../tables/read-columns.ts';
import { startImport } from '../../works/start-import.ts';
import { goTo, NotFound, type Page, type PageCall, type PageReply } from '../page.ts';
import { FormProblem, InputField, PostForm } from '../parts/form.tsx';
import { fileLimitMegabytes } from '../form-reader.ts';
import { goToWork, placeOf } from '../works/go-to-work.ts';
import type { KeptFile } from '../uploads.ts';
import { ImportForm } from './import-form.tsx';
import { ImportTable } from './import-table.tsx';
import { ReverseQuestion } from './reverse-question.tsx';
import { readImportRequest } from './read-request.ts';
import type { OpeningField } from '../../operations/opening/read-opening-sheet.ts';

export const importPages: readonly Page[] = [
  { method: 'GET', path: 'import', answer: (call) => showImports(call) },
  { method: 'POST', path: 'import', takesFile: true, answer: takeFile },
  { method: 'GET', path: 'import/file/:id', roles: ['admin'], answer: (call) => showFile(call) },
  { method: 'POST', path: 'import/file/:id/check', answer: (call) => begin(call, true) },
  { method: 'POST', path: 'import/file/:id/run', answer: (call) => begin(call, false) },
  { method: 'GET', path: 'import/:number/reverse', roles: ['admin'], answer: (call) => askToReverse(call) },
  { method: 'POST', path: 'import/:number/reverse', answer: reverse },
];

const title = ({ say }: PageCall): string => say('Ввод остатков', 'Opening balances');

async function showImports(call: PageCall, problem?: string): Promise<PageReply> {
  const { infobase, say, base, token, isAdmin } = call;
  return {
    kind: 'page',
    ...(problem === undefined ? {} : { status: 422 as const }),
    title: title(call),
    body: (
      <>
        {isAdmin && (
          <PostForm action={`${base}/import`} token={token} hasFile>
            <h2>{say('Загрузить файл', 'Bring in a file')}</h2>
            <FormProblem text={problem} />
            <InputField
              name="file"
              type="file"
              label={say(
                'Файл CSV или XLSX: перетащите сюда или выберите',
                'CSV or XLSX file: drop it here or choose it',
              )}
              accept=".csv,.txt,.xlsx"
              hint={say(
                `До ${fileLimitMegabytes} МБ. Сначала файл только показывается: ничего не записывается.`,
                `Up to ${fileLimitMegabytes} MB. The file is only shown at first: nothing is written.`,
              )}
              isRequired
            />
            <div class="actions">
              <button type="submit">{say('Показать файл', 'Show the file')}</button>
            </div>
          </PostForm>
        )}
        <ImportTable call={call} imports={(await listImports(infobase)).toReversed()} />
      </>
    ),
  };
}

async function takeFile(call: PageCall): Promise<PageReply> {
  const { file, say, infobase, visitor, services } = call;
  if (file === undefined) return showImports(call, say('Выберите файл.', 'Choose a file.'));
  if (file.bytes === 0) return showImports(call, say('Файл пустой.', 'The file is empty.'));
  const id = services.uploads.keep({ ...file, infobase: infobase.name, user: visitor.name });
  return goTo(`import/file/${id}`);
}

function findFile(call: PageCall): KeptFile {
  const { services, infobase, visitor, params, say } = call;
  const file = services.uploads.find(params.id ?? '', { infobase: infobase.name, user: visitor.name });
  if (file !== undefined) return file;
  throw new NotFound(
    say(
      'Этого файла больше нет в сервисе: загрузите его ещё раз.',
      'The service no longer has this file: bring it again.',
    ),
  );
}

const rowsShown = 10;

async function readPreview(file: KeptFile): Promise<TablePreview<OpeningField>> {
  const known = new Set(Object.values(openingNames).flat().map(normalizeName));
  const isHeader = (cells: readonly string[]): boolean => cells.some((cell) => known.has(normalizeName(cell)));
  const table = await openTableFile({ path: file.path }, { isHeader });
  return previewTable<OpeningField>(table.rows, openingNames, rowsShown);
}

async function showFile(call: PageCall, problem?: string): Promise<PageReply> {
  const { infobase, say } = call;
  const file = findFile(call);
  try {
    const preview = await readPreview(file);
    const kinds = await listCardKinds(infobase);
    const stage = await findStage(infobase);
    return {
      kind: 'page',
      ...(problem === undefined ? {} : { status: 422 as const }),
      title: file.name,
      crumbs: [{ title: title(call), path: 'import' }],
      body: <ImportForm call={call} preview={preview} kinds={kinds} stage={stage} problem={problem} />,
    };
  } catch (reason) {
    if (!(reason instanceof UnreadableTable)) throw reason;
    const text = say(`Файл «${file.name}» не прочитан: ${reason.message}.`, `${file.name}: ${reason.message}.`);
    return showImports(call, text);
  }
}

async function begin(call: PageCall, isDryRun: boolean): Promise<PageReply> {
  const { services, params } = call;
  const file = findFile(call);
  const request = readImportRequest(call, isDryRun);
  const id = params.id ?? '';
  const started = startImport(
    services.tools,
    placeOf(call),
    { source: { path: file.path }, fileName: file.name, request },
    async ({ isPosted }) => {
      if (isPosted) await services.uploads.remove(id);
    },
  );
  if (!('busy' in started)) services.importForms.keep(started.id, id, call.form);
  return goToWork(call, started);
}

async function rehearseReversal(call: PageCall, isDryRun: boolean): Promise<ReverseImportOutcome> {
  const { infobase, now, params, visitor } = call;
  const number = /^[1-9]\d{0,14}$/.test(params.number ?? '') ? Number(params.number) : 0;
  return reverseImport(infobase, now, { number, madeBy: visitor.name, isDryRun });
}

async function askToReverse(call: PageCall, isWrong = false): Promise<PageReply> {
  const { say, params } = call;
  const outcome = await rehearseReversal(call, true);
  return {
    kind: 'page',
    status: outcome.ok && !isWrong ? 200 : outcome.ok ? 422 : 409,
    title: say(`Отменить загрузку ${params.number ?? ''}`, `Reverse import ${params.number ?? ''}`),
    crumbs: [{ title: title(call), path: 'import' }],
    body: <ReverseQuestion call={call} outcome={outcome} isWrong={isWrong} />,
  };
}

async function reverse(call: PageCall): Promise<PageReply> {
  const { say, form, infobase, params } = call;
  if (form.get('name') !== infobase.name) return askToReverse(call, true);
  const outcome = await rehearseReversal(call, false);
  if (!outcome.ok) return askToReverse(call);
  const number = params.number ?? '';
  return goTo(
    'import',
    say(`Загрузка ${number} отменена: ${outcome.reversal.document ?? ''}`, `Import ${number} is reversed.`),
  );
}
