// «Текущий статус» of billing, as the source's form begins.
import type { BillingStatus } from '../../operations/enabling/read-billing-status.ts';
import type { Say } from '../say.ts';
import { showDate, showMoment } from '../show.ts';

export function Status({ say, status }: { readonly say: Say; readonly status: BillingStatus }) {
  const { stage, startOn, lastNightOn, exclusive } = status;
  const isOn = stage === 'billing' && exclusive === null;
  return (
    <div class={`notice ${isOn ? 'done' : exclusive === null ? '' : 'warn'}`}>
      <p>
        {say('Текущий статус', 'Current status')}: {say('система биллинга дисконтных карт', 'the billing system')}{' '}
        <strong>{nameState(status, say)}</strong>
      </p>
      {startOn !== null && (
        <p>
          {say('Дата начала', 'Start date')}: {showDate(startOn)}
          {lastNightOn !== null && `; ${say('последняя ночь', 'last night')}: ${showDate(lastNightOn)}`}
        </p>
      )}
      {exclusive !== null && (
        <p>
          {say('Монопольный режим с', 'Exclusive mode since')} {showMoment(exclusive.sinceAt)}:{' '}
          {say('кассы получают код 10.', 'tills are answered 10.')}
        </p>
      )}
    </div>
  );
}

function nameState({ stage, exclusive }: BillingStatus, say: Say): string {
  if (exclusive?.purpose === 'enabling') return say('включается', 'is being switched on');
  if (exclusive !== null) return say('выключается', 'is being switched off');
  return stage === 'billing' ? say('включена', 'is on') : say('выключена', 'is off');
}
