// The tab «Перепроведение от даты начала»: how far it is, the documents that failed, pause and continuation.
import type { Work } from '../../background-work.ts';
import type { BillingStatus, EnablingProgress, FailedItem } from '../../operations/enabling/read-billing-status.ts';
import type { PageCall } from '../page.ts';
import { PostForm } from '../parts/form.tsx';
import { Table } from '../parts/table.tsx';
import { Tiles } from '../parts/tiles.tsx';
import { showCount, showMoment } from '../show.ts';
import { followPart } from '../works/work-view.tsx';

interface RepostTabProps {
  readonly call: PageCall;
  readonly status: BillingStatus;
  /** The run of this service, if there has been one. */
  readonly work: Work | undefined;
}

export function RepostTab({ call, status, work }: RepostTabProps) {
  const { say, here } = call;
  const { enabling, holder } = status;
  const isRunning = holder !== null || work?.state === 'running';
  return (
    <div {...(isRunning ? followPart(here, 'repost') : { id: 'repost' })}>
      {enabling === null ? (
        <p>{say('Биллинг над живой историей не включали.', 'Billing has not been switched on over live history.')}</p>
      ) : (
        <Progress call={call} enabling={enabling} isRunning={isRunning} work={work} />
      )}
      {!isRunning && work?.failure !== undefined && <p class="notice problem">{work.failure}</p>}
      <p class="actions">
        <a class="button second" href={here}>
          {say('Обновить список', 'Refresh the list')}
        </a>
      </p>
    </div>
  );
}

interface ProgressProps {
  readonly call: PageCall;
  readonly enabling: EnablingProgress;
  readonly isRunning: boolean;
  readonly work: Work | undefined;
}

function Progress({ call, enabling, isRunning }: ProgressProps) {
  const { say, base, token, isAdmin } = call;
  const { counts, documents, nightsDone, nightsDue, documentsPerSecond, phase, failed, finishedAt } = enabling;
  return (
    <>
      {phase === 'done' && (
        <p class="notice done">
          {say('Перенос данных завершен', 'The transfer of data is complete')}
          {finishedAt !== null && `: ${showMoment(finishedAt)}`}
        </p>
      )}
      <p>
        <progress max={Math.max(1, documents)} value={counts.posted} aria-label={say('Проведено', 'Posted')} />
      </p>
      <Tiles
        tiles={[
          {
            title: say('Проведено документов', 'Documents posted'),
            figure: `${showCount(counts.posted)} ${say('из', 'of')} ${showCount(documents)}`,
            ...(isRunning && documentsPerSecond !== null
              ? { more: `${showCount(documentsPerSecond)} ${say('в секунду', 'a second')}` }
              : {}),
          },
          { title: say('С ошибкой', 'Failed'), figure: showCount(counts.failed) },
          {
            title: say('Ночей', 'Nights'),
            figure: `${showCount(nightsDone)} ${say('из', 'of')} ${showCount(nightsDue)}`,
          },
        ]}
      />
      {isAdmin && phase !== 'done' && (
        <div class="actions">
          {isRunning ? (
            <PostForm action={`${base}/billing/pause`} token={token} class="actions">
              <button type="submit" class="second">
                {say('Пауза', 'Pause')}
              </button>
            </PostForm>
          ) : (
            <PostForm action={`${base}/billing/continue`} token={token} class="actions">
              <button type="submit">{say('Начать/Продолжить', 'Begin/Continue')}</button>
            </PostForm>
          )}
        </div>
      )}
      <Failed call={call} failed={failed} isRunning={isRunning} />
    </>
  );
}

interface FailedProps {
  readonly call: PageCall;
  readonly failed: readonly FailedItem[];
  readonly isRunning: boolean;
}

function Failed({ call, failed, isRunning }: FailedProps) {
  const { say, base, token, isAdmin } = call;
  return (
    <>
      <Table
        caption={say('Документы, которые не провелись', 'Documents that could not be posted')}
        columns={[
          {
            title: say('Чек', 'Receipt'),
            show: ({ receiptId, kkm, receiptNumber }) => (
              <a href={`${base}/receipts/${receiptId}`}>
                {kkm}, {receiptNumber}
              </a>
            ),
            isHead: true,
          },
          { title: say('Когда', 'When'), show: ({ receiptAt }) => showMoment(receiptAt) },
          { title: say('Причина', 'Reason'), show: ({ why }) => why },
          {
            title: say('Действие', 'Action'),
            show: ({ receiptId }) =>
              isAdmin &&
              !isRunning && (
                <PostForm action={`${base}/billing/repost`} token={token} class="actions">
                  <input type="hidden" name="receiptId" value={receiptId} />
                  <button type="submit" class="second">
                    {say('Перепровести текущий', 'Post this one again')}
                  </button>
                </PostForm>
              ),
          },
        ]}
        rows={failed}
        none={say('Ошибок нет.', 'None has failed.')}
      />
      {isAdmin && !isRunning && failed.length > 1 && (
        <PostForm action={`${base}/billing/repost`} token={token} class="actions">
          <button type="submit" class="second">
            {say('Перепровести все с ошибками', 'Post all failed again')}
          </button>
        </PostForm>
      )}
    </>
  );
}
