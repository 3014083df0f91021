// The tab «Включение биллинга»: its texts are the source's.
import { addDays, type LocalDate } from '../../ledger/local-date-time.ts';
import type { BillingStatus, EnablingPreview } from '../../operations/enabling/read-billing-status.ts';
import type { PageCall } from '../page.ts';
import { CheckField, FormProblem, InputField, PostForm } from '../parts/form.tsx';
import { Tiles } from '../parts/tiles.tsx';
import { showCount, showDate } from '../show.ts';

interface EnableTabProps {
  readonly call: PageCall;
  readonly status: BillingStatus;
  readonly startText: string;
  readonly mistake: string | undefined;
}

export function EnableTab({ call, status, startText, mistake }: EnableTabProps) {
  const { say, base, token, isAdmin, infobase } = call;
  if (status.stage === 'billing' || status.exclusive !== null) {
    return (
      <p>
        {status.exclusive === null
          ? say('Биллинг уже включён.', 'Billing is on already.')
          : say('Биллинг включается или выключается: смотрите соседние закладки.', 'See the other tabs.')}
      </p>
    );
  }
  return (
    <>
      <p>
        {say(
          'Включение системы биллинга дисконтных карт должно происходить в монопольном режиме доступа к базе. Дата начала действия должна быть текущая и прошедшая. Вы должны быть уверены, что до этой даты все документы по ККМ получены и корректно проведены все отчеты отдела. В том числе, должны быть получены все документы из филиалов.',
          'Billing is switched on in exclusive mode. The start date is today or earlier. Make sure that all documents of tills before that date have come and all shift reports are posted, those of branches too.',
        )}
      </p>
      <p>
        <strong>
          {say(
            'Будут ПЕРЕПРОВЕДЕНЫ ДОКУМЕНТЫ НАЧИНАЯ С УКАЗАННОЙ ДАТЫ, если в документах есть данные по дисконтным картам.',
            'DOCUMENTS SINCE THAT DATE ARE POSTED AGAIN if they have discount cards.',
          )}
        </strong>{' '}
        {say(
          'Если Вы ранее работали с дисконтными картами, то предлагается установить дату начала на первое число текущего месяца.',
          'Where cards were in use before, the first day of this month is proposed.',
        )}
      </p>
      {!infobase.hasSubscription && (
        <p class="notice warn">
          {say(
            'Биллинг доступен по расширенной подписке: запустите сервис с KKM_SUBSCRIPTION=extended.',
            'Billing needs the extended subscription: start the service with KKM_SUBSCRIPTION=extended.',
          )}
        </p>
      )}
      {isAdmin ? (
        <PostForm action={`${base}/billing/ask`} token={token}>
          <FormProblem text={mistake} />
          <InputField
            name="startOn"
            type="date"
            label={say('Назначить дату начала действия (текущая или прошедшая)', 'Start date (today or earlier)')}
            value={startText}
            isRequired
          />
          <p class="hint">
            {say(
              'Справочник дисконтных карт остаётся без изменений, но будут созданы документы ввода начальных остатков. Если Вы уже использовали дисконтные карты при продажах, то сальдо (на дату начала работы с биллингом) будет перенесено в систему биллинга.',
              'The catalog of cards stays as it is; documents of opening balances are made. Balances as of the start date are carried over into billing.',
            )}
          </p>
          <div class="actions">
            <button type="submit">{say('Включить монопольный режим', 'Enter exclusive mode')}</button>
          </div>
        </PostForm>
      ) : null}
    </>
  );
}

export type FoundStart = Extract<EnablingPreview, { readonly ok: true }>;

interface StartQuestionProps {
  readonly call: PageCall;
  readonly startOn: LocalDate;
  readonly found: FoundStart;
  /** Why the answer was not taken: exclusive mode was not chosen. */
  readonly mistake: string | undefined;
}

export function StartQuestion({ call, startOn, found, mistake }: StartQuestionProps) {
  const { say, base, token } = call;
  return (
    <PostForm action={`${base}/billing/enable`} token={token}>
      <h2>
        {say(
          'Вы готовы начать перенос данных в систему биллинга дисконтных карт?',
          'Are you ready to carry the data over into billing?',
        )}
      </h2>
      <Tiles
        tiles={[
          {
            title: say('Карт с начальным остатком', 'Cards with an opening balance'),
            figure: showCount(found.cards),
            more: `${say('на', 'as of')} ${showDate(addDays(startOn, -1))}`,
          },
          {
            title: say('Чеков к перепроведению', 'Receipts to post again'),
            figure: showCount(found.receiptsSince),
            more: `${say('с', 'since')} ${showDate(startOn)}`,
          },
          {
            title: say('Чеков до даты начала', 'Receipts before the start'),
            figure: showCount(found.receiptsBefore),
            more: say('на баланс не влияют', 'are in the opening balance'),
          },
          { title: say('Ночей', 'Nights'), figure: showCount(found.nights) },
        ]}
      />
      <input type="hidden" name="startOn" value={startOn} />
      <CheckField
        name="exclusive"
        mistakes={mistake === undefined ? undefined : { exclusive: mistake }}
        label={say('Монопольный режим', 'Exclusive mode')}
        hint={say(
          'Кассы получают код 10, пока перенос не закончен.',
          'Tills are answered 10 until the transfer is done.',
        )}
      />
      <div class="actions">
        <button type="submit">{say('Начать включение биллинга', 'Begin to switch billing on')}</button>
        <a class="button second" href={`${base}/billing`}>
          {say('Нет', 'No')}
        </a>
      </div>
    </PostForm>
  );
}
