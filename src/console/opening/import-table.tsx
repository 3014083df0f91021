// The imports and reversals so far.
import type { ListedImport } from '../../operations/opening/list-imports.ts';
import type { PageCall } from '../page.ts';
import { Table } from '../parts/table.tsx';
import type { Say } from '../say.ts';
import { showCount, showDate, showMoment, showMoney } from '../show.ts';

export function ImportTable({ call, imports }: { readonly call: PageCall; readonly imports: readonly ListedImport[] }) {
  const { say, base, isAdmin } = call;
  return (
    <Table
      caption={say('Загрузки, новые сверху', 'Imports, the newest first')}
      columns={[
        { title: '№', show: ({ number }) => number, isHead: true },
        {
          title: say('Файл', 'File'),
          show: ({ fileName, document, datedOn }) => (
            <>
              {fileName}
              <div class="hint">{document ?? showDate(datedOn)}</div>
            </>
          ),
        },
        {
          title: say('Когда, кто', 'When, who'),
          show: ({ recordedAt, by }) => `${showMoment(recordedAt)}${by === null ? '' : `, ${by}`}`,
        },
        { title: say('Карт', 'Cards'), show: ({ cards }) => showCount(cards), isNumber: true },
        { title: say('Бонусы', 'Bonus'), show: ({ bonus }) => showMoney(bonus), isNumber: true },
        {
          title: say('Накопление', 'Accumulation'),
          show: ({ accumulation }) => showMoney(accumulation),
          isNumber: true,
        },
        { title: say('Чеки', 'Receipts'), show: ({ receipts }) => showCount(receipts), isNumber: true },
        {
          title: say('Состояние', 'State'),
          show: (one) =>
            isAdmin && one.state === 'stands' && one.reverses === null ? (
              <a href={`${base}/import/${one.number}/reverse`}>{say('Отменить', 'Reverse')}</a>
            ) : (
              nameState(one, say)
            ),
        },
      ]}
      rows={imports}
      none={say('Остатки ещё не загружали.', 'No balances have been brought in yet.')}
    />
  );
}

function nameState({ state, reverses, reversedBy }: ListedImport, say: Say): string {
  if (reverses !== null) return say(`отменяет загрузку ${reverses}`, `reverses import ${reverses}`);
  if (state === 'reversed')
    return say(`отменена: ${reversedBy?.number ?? ''}`, `reversed by ${reversedBy?.number ?? ''}`);
  return state === 'gone' ? say('удалена с выключением биллинга', 'went with billing') : say('действует', 'stands');
}
