// The page before the stage of the infobase changes: what tills would notice, in words and numbers.
import { listSettings } from '../../operations/admin/list-settings.ts';
import { saveSetting } from '../../operations/admin/save-setting.ts';
import { settingTable } from '../../ledger/settings.ts';
import { dateOf } from '../../ledger/local-date-time.ts';
import type { Refusal, Remedy } from '../../operations/refusal.ts';
import { goTo, type PageCall, type PageReply } from '../page.ts';
import { InputField, type FieldMistakes } from '../parts/form.tsx';
import { Question } from '../parts/question.tsx';
import { countedRu } from '../say.ts';
import { showDate } from '../show.ts';

const crumbsOf = ({ say }: PageCall) => [
  { title: say('Настройки', 'Settings'), path: 'settings' },
  { title: 'stage', path: 'settings/stage' },
];

/** @param given the value of a form that was refused; else that of the address. */
export async function askStage(
  call: PageCall,
  given?: string,
  mistakes?: FieldMistakes,
  status?: 409 | 422,
): Promise<PageReply> {
  const { infobase, now, say, base, query } = call;
  const value = given ?? query.get('value') ?? '';
  const before = (await listSettings(infobase)).find(({ name }) => name === 'stage')?.value ?? '';
  const head = {
    kind: 'page',
    ...(status === undefined ? {} : { status }),
    title: say(`Этап: ${before} → ${value}`, `Stage: ${before} to ${value}`),
    crumbs: crumbsOf(call),
  } as const;
  if (value === before || !settingTable.stage.isValid(value)) {
    const why = say(`Выберите другой этап: сейчас ${before}.`, `Choose another stage: it is ${before} now.`);
    return { ...head, body: <Refused {...{ call, why }} />, status: 422 };
  }
  const rehearsed = await saveSetting(infobase, now, 'stage', value, true);
  if (!rehearsed.ok) {
    const needsBilling = rehearsed.remedy !== undefined && rehearsed.remedy !== 'list_shops';
    return {
      ...head,
      body: <Refused {...{ call, why: explainRefusal(call, rehearsed) }} isAtBilling={needsBilling} />,
    };
  }
  const body = (
    <Question
      call={call}
      action="settings/stage"
      back="settings/stage"
      button={say(`Перейти на этап ${value}`, `Move to stage ${value}`)}
    >
      <input type="hidden" name="value" value={value} />
      <ul>
        {explainStage(call, before, value).map((line) => (
          <li>{line}</li>
        ))}
      </ul>
      <InputField
        name="infobase"
        label={say(
          `Для подтверждения введите имя базы: ${infobase.name}`,
          `Type the infobase's name: ${infobase.name}`,
        )}
        autocomplete="off"
        isRequired
        mistakes={mistakes}
      />
      <p class="hint">
        <a href={`${base}/billing`}>{say('Включение биллинга по истории', 'Switching billing on over history')}</a>
      </p>
    </Question>
  );
  return { ...head, body };
}

interface RefusedProps {
  readonly call: PageCall;
  readonly why: string;
  readonly isAtBilling?: boolean;
}

function Refused({ call: { say, base }, why, isAtBilling }: RefusedProps) {
  return (
    <>
      <p class="notice warn">{why}</p>
      <p class="actions">
        <a href={`${base}/settings/stage`}>{say('Назад', 'Back')}</a>
        {isAtBilling === true && <a href={`${base}/billing`}>{say('Биллинг', 'Billing')}</a>}
      </p>
    </>
  );
}

const refusals: Partial<Readonly<Record<Remedy, string>>> = {
  enable_billing: 'В базе уже есть чеки: биллинг включается на странице «Биллинг», с перепроведением истории.',
  disable_billing: 'У биллинга уже есть документы: он выключается на странице «Биллинг».',
  look_at_billing: 'Биллинг сейчас включается или выключается.',
};

function explainRefusal({ say }: PageCall, { why, remedy }: Pick<Refusal, 'why' | 'remedy'>): string {
  return say((remedy === undefined ? undefined : refusals[remedy]) ?? why, why);
}

function explainStage({ say, now, services, infobase }: PageCall, before: string, after: string): string[] {
  const tills = services.calls.describe(infobase.name).tills.length;
  const known = say(
    `С запуска сервиса обращалось ${tills} ${countedRu(tills, 'касса', 'кассы', 'касс')}.`,
    `Tills that called since the service was started: ${tills}.`,
  );
  const lines: string[] = [];
  if (after === 'cards') {
    lines.push(say('Кассы перестанут обслуживаться: ответ на каждый вызов — код 8.', 'Tills are answered 8.'), known);
  }
  if (before === 'cards') lines.push(say('Кассы будут обслуживаться.', 'Tills are served.'), known);
  if (after === 'billing') {
    lines.push(
      say(
        `Биллинг откроется с ${showDate(dateOf(now))}: начисленное будет сгорать по правилам жизни, ночной регламент — выполняться.`,
        `Billing opens on ${showDate(dateOf(now))}: accruals expire by their rules and the night runs.`,
      ),
    );
    if (!infobase.hasSubscription) {
      lines.push(
        say('Расширенной подписки нет: кассы будут получать код 9.', 'No extended subscription: tills are answered 9.'),
      );
    }
  }
  if (before === 'billing') {
    lines.push(
      say('Документов у биллинга нет: он закроется, ничего не удалив.', 'Billing has no documents: it closes.'),
    );
  }
  lines.push(say('Остатки карт не меняются.', 'Balances of cards do not change.'));
  return lines;
}

export async function saveStage(call: PageCall, value: string): Promise<PageReply> {
  const { infobase, now, form, say } = call;
  if ((form.get('infobase') ?? '').trim() !== infobase.name) {
    const why = say(`Введите имя базы «${infobase.name}».`, `Type the infobase's name, ${infobase.name}.`);
    return askStage(call, value, { infobase: why }, 422);
  }
  const outcome = await saveSetting(infobase, now, 'stage', value);
  // Something has changed since it was asked: the page says what.
  if (!outcome.ok) return askStage(call, value, undefined, 409);
  return goTo('settings', say(`Этап: ${outcome.before} → ${value}`, `Stage: ${outcome.before} to ${value}`));
}
