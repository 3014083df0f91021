// «Журнал изменений»: who changed what, when, where from, from what to what; the latest first.
import {
  changeSubjects,
  listChanges,
  type ChangedFields,
  type ListedChange,
} from '../../operations/admin/list-changes.ts';
import type { Page, PageCall, PageReply } from '../page.ts';
import { InputField, SelectField } from '../parts/form.tsx';
import { NextPage } from '../parts/next-page.tsx';
import { SearchForm } from '../parts/search-form.tsx';
import { Table } from '../parts/table.tsx';
import { readDate, readText, readWhole } from '../read-query.ts';
import type { Say } from '../say.ts';
import { showMoment } from '../show.ts';
import { nameDoor, nameField, nameKey, nameSubject, showValue } from './change-words.ts';

export const changesPages: readonly Page[] = [{ method: 'GET', path: 'changes', answer: showChanges }];

const pageRows = 50;

async function showChanges(call: PageCall): Promise<PageReply> {
  const { infobase, say, base, query } = call;
  const subjectText = readText(query, 'subject');
  const filter = {
    subject: changeSubjects.find((one) => one === subjectText) ?? null,
    by: readText(query, 'by'),
    from: readDate(query, 'from'),
    to: readDate(query, 'to'),
  };
  const { changes, next } = await listChanges(infobase, filter, { limit: pageRows, before: readWhole(query, 'after') });
  const choices = changeSubjects.map((value) => ({ value, title: nameSubject(value, say) }));
  return {
    kind: 'page',
    title: say('Журнал изменений', 'Log of changes'),
    body: (
      <>
        <SearchForm action={`${base}/changes`} say={say}>
          <SelectField
            name="subject"
            label={say('Что изменилось', 'What was changed')}
            value={filter.subject ?? ''}
            choices={[{ value: '', title: say('всё', 'all') }, ...choices]}
          />
          <InputField name="by" label={say('Кто', 'Who')} value={filter.by ?? ''} type="search" />
          <InputField name="from" label={say('С', 'From')} value={filter.from ?? ''} type="date" />
          <InputField name="to" label={say('По', 'To')} value={filter.to ?? ''} type="date" />
        </SearchForm>
        <div id="found">
          <ChangeTable say={say} changes={changes} />
          <NextPage call={call} after={next} />
        </div>
      </>
    ),
  };
}

interface ChangeTableProps {
  readonly say: Say;
  readonly changes: readonly ListedChange[];
}

function ChangeTable({ say, changes }: ChangeTableProps) {
  return (
    <Table
      caption={say(
        'Изменения, последние сверху. Время — по часам сервера.',
        'Changes, the latest first, by the machine’s clock.',
      )}
      columns={[
        { title: say('Когда', 'When'), show: ({ recordedAt }) => showMoment(recordedAt) },
        { title: say('Кто', 'Who'), show: ({ by }) => by },
        { title: say('Откуда', 'Where from'), show: ({ door }) => nameDoor(door, say) },
        {
          title: say('Что', 'What'),
          show: ({ subject, key }) => (
            <>
              {nameSubject(subject, say)}
              <div class="hint">{nameKey(subject, key, say)}</div>
            </>
          ),
          isHead: true,
        },
        { title: say('Было', 'Before'), show: ({ before }) => <FieldList say={say} fields={before} /> },
        { title: say('Стало', 'After'), show: ({ after }) => <FieldList say={say} fields={after} /> },
      ]}
      rows={changes}
      none={say('Таких изменений нет.', 'There are no such changes.')}
    />
  );
}

/** The key says them already. */
const keyFields = new Set(['code', 'kkm', 'number']);

function FieldList({ say, fields }: { readonly say: Say; readonly fields: ChangedFields | null }) {
  if (fields === null) return <>—</>;
  return (
    <>
      {Object.entries(fields)
        .filter(([name]) => !keyFields.has(name))
        .map(([name, value]) => (
          <div>
            {nameField(name, say)}: {showValue(name, value, say)}
          </div>
        ))}
    </>
  );
}
