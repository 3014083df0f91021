// The clock of a test infobase, as `kkm clock` has it: set it, or move it on with the nights on the way.
import { addDays, dateOf, parseTypedDateTime, type LocalDateTime } from '../../ledger/local-date-time.ts';
import { advanceLimitDays, setClock } from '../../operations/admin/move-clock.ts';
import { startClock } from '../../works/start-clock.ts';
import type { FormTrouble } from '../form-trouble.ts';
import { goTo, NotFound, type Page, type PageCall, type PageReply } from '../page.ts';
import { InputField, PostForm } from '../parts/form.tsx';
import { showMoment } from '../show.ts';
import { goToWork, placeOf } from '../works/go-to-work.ts';

type ShowAgain = (call: PageCall, trouble: FormTrouble) => Promise<PageReply>;

/** @param showAgain the page that the clock is a part of, with what is wrong. */
export function clockPages(showAgain: ShowAgain): readonly Page[] {
  return [
    { method: 'POST', path: 'settings/clock/set', answer: (call) => moveClock(call, showAgain) },
    { method: 'POST', path: 'settings/clock/advance', answer: (call) => advance(call, showAgain) },
  ];
}

const part = 'settings#clock';

function needTest({ infobase, say }: PageCall): void {
  if (infobase.testNow !== undefined) return;
  throw new NotFound(say('Это не тестовая база: у неё нет своих часов.', 'Not a test infobase: it has no clock.'));
}

async function moveClock(call: PageCall, showAgain: ShowAgain): Promise<PageReply> {
  needTest(call);
  const { infobase, form, say, services } = call;
  const to = parseTypedDateTime((form.get('to') ?? '').trim());
  if (to === undefined) {
    const why = say('Ожидаются дата и время, например 22.11.2026 14:05.', 'Expected a date and time.');
    return showAgain(call, { mistakes: { to: why } });
  }
  const outcome = await setClock(infobase, to, { nightTime: services.tools.nightTime });
  if (!outcome.ok) return showAgain(call, { mistakes: { to: explain(call, outcome.why, to) } });
  const due = outcome.dueNights ?? 0;
  const nights = due === 0 ? '' : ` ${say('Ночей к выполнению:', 'Nights due:')} ${due}.`;
  return goTo(part, `${say('Часы стоят на', 'The clock stands at')} ${showMoment(to)}.${nights}`);
}

function explain({ infobase, say }: PageCall, why: string, to: LocalDateTime): string {
  const isBack = infobase.testNow !== undefined && to < infobase.testNow;
  return isBack ? say('Часы переводятся только вперёд.', why) : say('Так далеко часы не переводятся.', why);
}

async function advance(call: PageCall, showAgain: ShowAgain): Promise<PageReply> {
  needTest(call);
  const { now, form, say, services } = call;
  const text = (form.get('days') ?? '').trim();
  const days = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (!(days >= 1 && days <= advanceLimitDays)) {
    const why = say(`Ожидается число дней от 1 до ${advanceLimitDays}.`, `Expected 1 to ${advanceLimitDays} days.`);
    return showAgain(call, { mistakes: { days: why } });
  }
  const to = `${addDays(dateOf(now), days)}${now.slice(10)}` as LocalDateTime;
  return goToWork(call, startClock(services.tools, placeOf(call), to));
}

interface ClockPartProps {
  readonly call: PageCall;
  readonly trouble: FormTrouble | undefined;
}

/** Nothing for an ordinary infobase: it keeps the machine's time. */
export function ClockPart({ call, trouble }: ClockPartProps) {
  const { infobase, say, base, token, isAdmin, form } = call;
  const { testNow } = infobase;
  if (testNow === undefined) return null;
  return (
    <section id="clock">
      <h2>{say('Часы тестовой базы', 'Clock of the test infobase')}</h2>
      <p>
        {say('Часы стоят на', 'The clock stands at')} <strong>{showMoment(testNow)}</strong>.{' '}
        {say('Они переводятся только вперёд.', 'It moves forward only.')}
      </p>
      {isAdmin && (
        <>
          <PostForm action={`${base}/settings/clock/advance`} token={token}>
            <InputField
              name="days"
              label={say('Перевести на дней вперёд', 'Move on by days')}
              hint={say('Каждая ночь на пути выполняется в своей дате.', 'Every night on the way is run at its date.')}
              value={form.get('days') ?? '1'}
              inputMode="numeric"
              isRequired
              mistakes={trouble?.mistakes}
            />
            <p class="actions">
              <button type="submit">{say('Перевести с ночами', 'Move on with nights')}</button>
            </p>
          </PostForm>
          <PostForm action={`${base}/settings/clock/set`} token={token}>
            <InputField
              name="to"
              label={say('Поставить на дату и время', 'Set to a date and time')}
              hint={say(
                'Ночи при этом не выполняются: их выполнит сервис или страница «Ночной регламент».',
                'No night is run: the service runs what is due, or the page Night does.',
              )}
              value={form.get('to') ?? showMoment(testNow)}
              isRequired
              mistakes={trouble?.mistakes}
            />
            <p class="actions">
              <button type="submit" class="second">
                {say('Поставить часы', 'Set the clock')}
              </button>
            </p>
          </PostForm>
        </>
      )}
    </section>
  );
}
