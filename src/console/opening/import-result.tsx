// How an import ended: totals beside the file's foot row, bad rows in place, and the import itself after a dry run.
import type { Work } from '../../background-work.ts';
import type { TableMistake } from '../../tables/table-mistake.ts';
import type { ImportResult } from '../../works/start-import.ts';
import type { PageCall } from '../page.ts';
import { PostForm } from '../parts/form.tsx';
import { Table } from '../parts/table.tsx';
import { Facts, Tiles } from '../parts/tiles.tsx';
import type { Say } from '../say.ts';
import { showCount, showMoney } from '../show.ts';

interface ImportResultProps {
  readonly call: PageCall;
  readonly work: Work;
}

export function ImportResultView({ call, work }: ImportResultProps) {
  const { say, base } = call;
  const { isDryRun, outcome, mistakes, mistakeCount, file } = work.result as ImportResult;
  const { totals, badRows, leftOut } = outcome;
  return (
    <>
      {outcome.ok && (
        <p class="notice done">
          {isDryRun
            ? say(
                'Файл можно загрузить. Пока ничего не записано.',
                'The file can be brought in. Nothing is written yet.',
              )
            : `${say('Загружено', 'Brought in')}: ${outcome.document ?? ''}`}
        </p>
      )}
      {totals !== null && (
        <Tiles
          tiles={[
            {
              title: say('Строк', 'Rows'),
              figure: showCount(totals.rows),
              more: `${say('с ошибками', 'with mistakes')}: ${showCount(badRows)}`,
            },
            {
              title: say('Карт', 'Cards'),
              figure: showCount(totals.cards),
              more: `${say('новых', 'new')}: ${showCount(totals.created)}`,
            },
            { title: say('Бонусы', 'Bonus'), figure: showMoney(totals.bonus) },
            { title: say('Накопление', 'Accumulation'), figure: showMoney(totals.accumulation) },
            { title: say('Чеки', 'Receipts'), figure: showCount(totals.receipts) },
          ]}
        />
      )}
      <Facts
        facts={[
          { title: say('Формат', 'Format'), value: file.format === 'xlsx' ? 'XLSX' : `CSV, ${file.encoding ?? ''}` },
          ...(file.sheet === null ? [] : [{ title: say('Лист', 'Sheet'), value: file.sheet.name }]),
          ...(leftOut === null
            ? []
            : [
                {
                  title: say('Строки «Итого» сошлись с суммами', 'Foot rows that agree with the sums'),
                  value: showCount(leftOut.footRows),
                },
              ]),
        ]}
      />
      <Mistakes say={say} mistakes={mistakes} count={mistakeCount} />
      {isDryRun && <AfterDryRun call={call} work={work} isGood={outcome.ok} />}
      {!isDryRun && (
        <p class="actions">
          <a class="button second" href={`${base}/import`}>
            {say('К загрузкам', 'To the imports')}
          </a>
        </p>
      )}
    </>
  );
}

interface MistakesProps {
  readonly say: Say;
  readonly mistakes: readonly TableMistake[];
  readonly count: number;
}

function Mistakes({ say, mistakes, count }: MistakesProps) {
  if (count === 0) return null;
  const isCut = count > mistakes.length;
  return (
    <>
      <Table
        caption={say(`Ошибки в файле: ${showCount(count)}`, `Mistakes in the file: ${showCount(count)}`)}
        columns={[
          { title: say('Строка', 'Line'), show: ({ line }) => line, isNumber: true },
          { title: say('Столбец', 'Column'), show: ({ column }) => column ?? '' },
          { title: say('Значение', 'Value'), show: ({ value }) => value ?? '' },
          { title: say('Что не так', 'What is wrong'), show: ({ why }) => why },
        ]}
        rows={mistakes}
        none=""
      />
      {isCut && (
        <p class="hint">{say(`Показаны первые ${mistakes.length}.`, `The first ${mistakes.length} are shown.`)}</p>
      )}
    </>
  );
}

interface AfterDryRunProps {
  readonly call: PageCall;
  readonly work: Work;
  readonly isGood: boolean;
}

/** The import with the terms of the dry run; the file is still there. */
function AfterDryRun({ call, work, isGood }: AfterDryRunProps) {
  const { say, base, token, isAdmin, services } = call;
  const kept = services.importForms.find(work.id);
  if (!isAdmin || kept === undefined) return null;
  return (
    <div class="actions">
      {isGood && (
        <PostForm action={`${base}/import/file/${kept.fileId}/run`} token={token} class="actions">
          {[...kept.form].map(
            ([name, value]) => name !== '_token' && <input type="hidden" name={name} value={value} />,
          )}
          <button type="submit">{say('Загрузить', 'Bring it in')}</button>
        </PostForm>
      )}
      <a class="button second" href={`${base}/import/file/${kept.fileId}`}>
        {say('Изменить столбцы и условия', 'Change columns and terms')}
      </a>
    </div>
  );
}
