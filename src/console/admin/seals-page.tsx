// «Пломбы дней»: which business days are sealed, with the digests that somebody should keep elsewhere.
import { listSealsBefore, type Seal } from '../../operations/seals/list-seals.ts';
import type { Page, PageCall, PageReply } from '../page.ts';
import { NextPage } from '../parts/next-page.tsx';
import { Table } from '../parts/table.tsx';
import { Facts } from '../parts/tiles.tsx';
import { readWhole } from '../read-query.ts';
import type { Say } from '../say.ts';
import { showCount, showDate, showMoment } from '../show.ts';
import { describeSealing, explainSealObstacle } from './seal-words.ts';

export const sealsPages: readonly Page[] = [{ method: 'GET', path: 'seals', answer: showSeals }];

const pageRows = 50;

async function showSeals(call: PageCall): Promise<PageReply> {
  const { infobase, services, say, base, query } = call;
  const { seals, next } = await listSealsBefore(infobase, readWhole(query, 'after'), pageRows);
  const { jobs } = await services.listJobs(infobase);
  const job = jobs.find((one) => one.job === 'seal');
  const why = job === undefined ? undefined : explainSealObstacle(job, say);
  return {
    kind: 'page',
    title: say('Пломбы дней', 'Sealed days'),
    body: (
      <>
        {why !== undefined && <p class="notice warn">{why}</p>}
        {job !== undefined && (
          <Facts
            facts={[
              {
                title: say('Последняя пломба', 'Last seal'),
                value: <code>{job.lastSeal?.digest ?? '\u2014'}</code>,
              },
              { title: say('Состояние', 'State'), value: describeSealing(job, say) },
              { title: say('Следующая', 'Next'), value: job.nextRunAt === null ? '\u2014' : showMoment(job.nextRunAt) },
            ]}
          />
        )}
        <SealTable say={say} seals={seals} />
        <NextPage call={call} after={next} />
        <p class="hint">
          {say(
            'Храните последний дайджест там, где никто не может изменить базу. Сверка — командой kkm verify --seals, с ним — --against.',
            'Keep the last digest where nobody comes who can change the database. kkm verify --seals compares; --against takes that digest.',
          )}
        </p>
        <p class="actions">
          <a href={`${base}/jobs`}>{say('Регламентные задания', 'Scheduled jobs')}</a>
        </p>
      </>
    ),
  };
}

function SealTable({ say, seals }: { readonly say: Say; readonly seals: readonly Seal[] }) {
  return (
    <Table
      caption={say('Опломбированные дни, последние сверху', 'Sealed days, the latest first')}
      columns={[
        { title: say('День', 'Day'), show: ({ businessOn }) => showDate(businessOn), isHead: true },
        { title: say('Опломбирован', 'Sealed'), show: ({ sealedAt }) => showMoment(sealedAt) },
        { title: say('Записано', 'Recorded'), show: ({ units }) => showCount(units), isNumber: true },
        {
          title: say('Изменилось из прошлых дней', 'Changed of earlier days'),
          show: ({ changed }) => showCount(changed),
          isNumber: true,
        },
        { title: say('Дайджест', 'Digest'), show: ({ digest }) => <code>{digest}</code> },
      ]}
      rows={seals}
      none={say('Ни один день ещё не опломбирован.', 'No day is sealed yet.')}
    />
  );
}
