// The tab «Выключение биллинга»: what will be destroyed in numbers, and three confirmations.
import type { BillingStatus } from '../../operations/enabling/read-billing-status.ts';
import type { findBillingRemains } from '../../operations/enabling/disable-billing.ts';
import type { PageCall } from '../page.ts';
import { CheckField, FormProblem, InputField, PostForm } from '../parts/form.tsx';
import { Table } from '../parts/table.tsx';
import { showCount, showDate } from '../show.ts';

type Remains = NonNullable<Awaited<ReturnType<typeof findBillingRemains>>>;

export interface RemainsRow {
  readonly name: keyof Remains;
  readonly count: number;
}

/** Undefined where billing is off. */
export function remainsOf(remains: Remains | undefined): readonly RemainsRow[] | undefined {
  return remains && (Object.keys(remains) as (keyof Remains)[]).map((name) => ({ name, count: remains[name] }));
}

interface DisableTabProps {
  readonly call: PageCall;
  readonly status: BillingStatus;
  readonly remains: readonly RemainsRow[] | undefined;
  readonly isWrong: boolean;
}

export function DisableTab({ call, status, remains, isWrong }: DisableTabProps) {
  const { say, base, token, isAdmin, infobase } = call;
  if (remains === undefined)
    return <p>{say('Биллинг выключен: удалять нечего.', 'Billing is off: there is nothing to remove.')}</p>;
  const startOn = status.startOn === null ? '' : showDate(status.startOn);
  return (
    <>
      <div class="notice warn">
        <p>
          {say(
            'Все документы биллинга и данные сальдо будут физически уничтожены. В документах «Отчет отдела» будут удалены ссылки на документы биллинга.',
            'All documents of billing and its balances are destroyed. Shift reports lose their links to documents of billing.',
          )}
        </p>
        <p>
          {say(
            'Перед удалением сервис сам сделает и проверит резервную копию базы.',
            'Before that the service makes a backup and checks it.',
          )}
        </p>
      </div>
      <Table
        caption={say('Будет уничтожено', 'To be destroyed')}
        columns={[
          { title: say('Что', 'What'), show: ({ name }) => nameRemains(name, call), isHead: true },
          { title: say('Строк', 'Rows'), show: ({ count }) => showCount(count), isNumber: true },
        ]}
        rows={remains.filter(({ count }) => count > 0)}
        none={say('В биллинге нет ни одного документа.', 'Billing has no document.')}
      />
      {isAdmin && (
        <PostForm action={`${base}/billing/disable`} token={token}>
          <FormProblem
            text={
              isWrong
                ? say(
                    'Ничего не сделано: нужны все три подтверждения, имя базы и дата начала должны совпасть.',
                    'Nothing was done: all three confirmations are needed, with the right name and start date.',
                  )
                : undefined
            }
          />
          <InputField
            name="name"
            label={say(`1. Введите имя базы: ${infobase.name}`, `1. Type the name of the infobase: ${infobase.name}`)}
            autocomplete="off"
            isRequired
          />
          <InputField
            name="startOn"
            type="date"
            label={say(
              `2. Введите дату начала биллинга: ${startOn}`,
              `2. Enter the date that billing began at: ${startOn}`,
            )}
            isRequired
          />
          <CheckField
            name="destroy"
            label={say(
              '3. Понимаю, что информация системы биллинга будет уничтожена',
              '3. I understand that all that billing has written is destroyed',
            )}
          />
          <div class="actions">
            <button type="submit" class="danger">
              {say('Начать удаление данных биллинга', 'Begin to remove the data of billing')}
            </button>
          </div>
        </PostForm>
      )}
    </>
  );
}

function nameRemains(name: keyof Remains, { say }: PageCall): string {
  switch (name) {
    case 'documents':
      return say('Документы биллинга', 'Documents of billing');
    case 'manualDocuments':
      return say('из них ручные и из файлов', 'of them made by hand and from files');
    case 'movements':
      return say('Движения', 'Movements');
    case 'pendingCredits':
      return say('Отложенные начисления', 'Pending credits');
    case 'nights':
      return say('Ночи', 'Nights');
    case 'holds':
      return say('Резервы', 'Holds');
  }
}
