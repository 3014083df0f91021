// The first rows of a file as it was read, with a choice above each column, and the terms of the import.
import type { CardKind } from '../../ledger/card.ts';
import { dateOf } from '../../ledger/local-date-time.ts';
import type { Settings } from '../../ledger/settings.ts';
import { openingFields, type OpeningField } from '../../operations/opening/read-opening-sheet.ts';
import type { TablePreview } from '../../tables/preview-table.ts';
import type { PageCall } from '../page.ts';
import { CheckField, FormProblem, InputField, PostForm, SelectField } from '../parts/form.tsx';
import type { Say } from '../say.ts';
import { columnField, titleField } from './read-request.ts';

interface ImportFormProps {
  readonly call: PageCall;
  readonly preview: TablePreview<OpeningField>;
  readonly kinds: readonly CardKind[];
  readonly stage: Settings['stage'];
  readonly problem: string | undefined;
}

export function nameOpeningField(field: OpeningField, say: Say): string {
  switch (field) {
    case 'card':
      return say('Номер карты', 'Card number');
    case 'bonus':
      return say('Сумма бонусов', 'Bonus');
    case 'accumulation':
      return say('Сумма накопления', 'Accumulation sum');
    case 'receipts':
      return say('Количество чеков', 'Receipts');
    case 'writeOffDate':
      return say('Дата списания', 'Write-off date');
    case 'holder':
      return say('Владелец', 'Holder');
    case 'kind':
      return say('Вид карты', 'Card kind');
  }
}

export function ImportForm({ call, preview, kinds, stage, problem }: ImportFormProps) {
  const { say, base, token, params, now } = call;
  return (
    <PostForm action={`${base}/import/file/${params.id ?? ''}/check`} token={token} class="form wide">
      <FormProblem text={problem} />
      <Columns say={say} preview={preview} />
      <div class="row">
        <SelectField
          name="document"
          label={say('Документ', 'Document')}
          value={stage === 'billing' ? 'opening-balance' : 'opening-accumulation'}
          choices={[
            {
              value: 'opening-accumulation',
              title: say('Ввод остатков накоплений на дисконтных картах', 'Opening accumulation'),
            },
            {
              value: 'opening-balance',
              title: say('Биллинг: Дисконтные карты - Ввод начальных остатков', 'Opening balance of billing'),
            },
          ]}
        />
        <InputField name="date" type="date" label={say('Дата документа', 'Date of the document')} value={dateOf(now)} />
      </div>
      <div class="row">
        <CheckField name="create" label={say('Создавать карты, которых нет', 'Make cards that do not exist')} />
        <SelectField
          name="kind"
          label={say('Вид новых карт', 'Kind of new cards')}
          choices={[
            { value: '', title: say('как в файле', 'as the file says') },
            ...kinds.map(({ code, name }) => ({ value: code, title: name })),
          ]}
        />
      </div>
      <CheckField name="skip" label={say('Пропускать строки с ошибками', 'Leave rows with mistakes out')} />
      <CheckField name="debt" label={say('Принимать остатки ниже нуля', 'Accept sums below zero')} />
      <CheckField
        name="add"
        label={say('Добавлять к картам, по которым остатки уже введены', 'Add to cards that have opening sums already')}
      />
      <CheckField name="force" label={say('Загрузить тот же файл ещё раз', 'Bring the same file in again')} />
      <div class="actions">
        <button type="submit">{say('Проверить без записи', 'Check without writing')}</button>
        <a class="button second" href={`${base}/import`}>
          {say('Отмена', 'Cancel')}
        </a>
      </div>
    </PostForm>
  );
}

function Columns({ say, preview }: { readonly say: Say; readonly preview: TablePreview<OpeningField> }) {
  const { columns, rows, headerLine } = preview;
  return (
    <>
      {headerLine === null && (
        <p class="notice warn">
          {say(
            'Заголовки столбцов не узнаны: укажите над столбцами, что в них.',
            'The header is not recognised: say above the columns what they are.',
          )}
        </p>
      )}
      <div class="table" role="region" aria-label={say('Начало файла', 'The beginning of the file')} tabIndex={0}>
        <table>
          <caption>{say('Начало файла, как оно прочитано', 'The beginning of the file as it was read')}</caption>
          <thead>
            <tr>
              {columns.map(({ title, field }, place) => (
                <td>
                  <label class="unseen" for={`f-${columnField(place)}`}>
                    {say(`Что в столбце ${title}`, `What column ${title} is`)}
                  </label>
                  <select id={`f-${columnField(place)}`} name={columnField(place)}>
                    <option value="">{say('не загружать', 'leave out')}</option>
                    {openingFields.map((one) => (
                      <option value={one} selected={one === field}>
                        {nameOpeningField(one, say)}
                      </option>
                    ))}
                  </select>
                  <input type="hidden" name={titleField(place)} value={title} />
                </td>
              ))}
            </tr>
            <tr>
              {columns.map(({ title }) => (
                <th scope="col">{title}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ cells }) => (
              <tr>
                {columns.map((_, place) => (
                  <td>{cells[place] ?? ''}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
