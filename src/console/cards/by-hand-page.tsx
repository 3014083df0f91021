// «Начисление на дисконтные карты» and «Списание с дисконтных карт» of one card by hand: first what it would do, then the document.
import { makeDocument, type DocumentLine } from '../../operations/billing/make-document.ts';
import {
  readDocumentRow,
  type DocumentField,
  type DocumentSort,
} from '../../operations/billing/read-document-sheet.ts';
import { goTo, type Page, type PageCall, type PageReply } from '../page.ts';
import { CheckField, FormProblem, InputField, PostForm, type FieldMistakes } from '../parts/form.tsx';
import { Table } from '../parts/table.tsx';
import { showChange, showCount, showMoney } from '../show.ts';
import { nameDocumentKind } from '../words.ts';
import { crumbsOf } from './card-crumbs.ts';
import { loadCard } from './load-card.ts';
import { cardAddress } from '../parts/card-link.tsx';

const paths = { accrue: 'accrual', 'write-off': 'write-off' } as const satisfies Record<string, DocumentSort>;

export const byHandPages: readonly Page[] = Object.entries(paths).flatMap(([path, sort]): Page[] => [
  {
    method: 'GET',
    path: `cards/:number/${path}`,
    roles: ['admin'],
    answer: (call) => showForm(call, { path, sort, mistakes: {} }),
  },
  { method: 'POST', path: `cards/:number/${path}`, answer: (call) => make(call, path, sort, true) },
  { method: 'POST', path: `cards/:number/${path}/make`, answer: (call) => make(call, path, sort, false) },
]);

interface Shown {
  readonly path: string;
  readonly sort: DocumentSort;
  readonly mistakes: FieldMistakes;
  readonly problem?: string;
  /** What it would do. */
  readonly line?: DocumentLine;
}

const sums = ['bonus', 'accumulation', 'receipts'] as const;
const terms = ['rule', 'writeOffDate', 'creditDate'] as const;

async function showForm(call: PageCall, shown: Shown): Promise<PageReply> {
  const { say, base, token, form } = call;
  const { path, sort, mistakes, problem, line } = shown;
  const { card } = await loadCard(call);
  const action = `${cardAddress(base, card.number)}/${path}`;
  const value = (name: string): string => form.get(name) ?? '';
  const isWrong = problem !== undefined || Object.keys(mistakes).length > 0;
  return {
    kind: 'page',
    ...(isWrong ? { status: 422 as const } : {}),
    title: nameDocumentKind(sort === 'accrual' ? 'Accrual' : 'WriteOff', say),
    crumbs: crumbsOf(call, card.number),
    body: (
      <>
        {line !== undefined && <Effect call={call} line={line} action={`${action}/make`} />}
        <PostForm action={action} token={token}>
          <FormProblem text={problem} />
          <div class="row">
            <InputField
              name="bonus"
              label={say('Сумма бонусов', 'Bonus')}
              value={value('bonus')}
              mistakes={mistakes}
              inputMode="decimal"
            />
            <InputField
              name="accumulation"
              label={say('Сумма накопления', 'Accumulation sum')}
              value={value('accumulation')}
              mistakes={mistakes}
              inputMode="decimal"
            />
            <InputField
              name="receipts"
              label={say('Количество чеков', 'Receipts')}
              value={value('receipts')}
              mistakes={mistakes}
              inputMode="numeric"
            />
          </div>
          {sort === 'accrual' && (
            <div class="row">
              <InputField
                name="writeOffDate"
                type="date"
                label={say('Дата списания', 'Write-off date')}
                value={value('writeOffDate')}
                mistakes={mistakes}
                hint={say('Пусто: по правилу жизни вида карты.', "Empty: by the rule of the card's kind.")}
              />
              <InputField
                name="creditDate"
                type="date"
                label={say('Дата начисления', 'Credit date')}
                value={value('creditDate')}
                mistakes={mistakes}
                hint={say('Пусто: сразу.', 'Empty: at once.')}
              />
            </div>
          )}
          {sort === 'write-off' && (
            <CheckField
              name="mayOwe"
              label={say('Разрешить уйти в минус', 'Allow a debt')}
              isChecked={form.get('mayOwe') === 'yes'}
            />
          )}
          <InputField
            name="comment"
            label={say('Комментарий', 'Comment')}
            value={value('comment')}
            mistakes={mistakes}
          />
          <div class="actions">
            <button type="submit" class={line === undefined ? undefined : 'second'}>
              {say('Показать, что изменится', 'Show what would change')}
            </button>
          </div>
        </PostForm>
      </>
    ),
  };
}

interface EffectProps {
  readonly call: PageCall;
  readonly line: DocumentLine;
  readonly action: string;
}

function Effect({ call, line, action }: EffectProps) {
  const { say, token, form } = call;
  const { effect, after } = line;
  const rows = [
    { name: say('Бонусы', 'Bonus'), change: showChange(effect.balance.bonus), after: showMoney(after.bonus) },
    {
      name: say('Накопление', 'Accumulation'),
      change: showChange(effect.balance.accumulation),
      after: showMoney(after.accumulation),
    },
    { name: say('Чеки', 'Receipts'), change: showCount(effect.balance.receipts), after: showCount(after.receipts) },
  ];
  const pending = effect.pending.reduce((sum, { measure, amount }) => (measure === 'bonus' ? sum + amount : sum), 0);
  return (
    <>
      <Table
        caption={say(
          'Пока ничего не записано. Документ сделает так:',
          'Nothing is written yet. The document would do this:',
        )}
        columns={[
          { title: say('Мера', 'Measure'), show: ({ name }) => name, isHead: true },
          { title: say('Изменение', 'Change'), show: ({ change }) => change, isNumber: true },
          { title: say('Станет', 'Then'), show: (row) => row.after, isNumber: true },
        ]}
        rows={rows}
        none=""
      />
      {pending > 0 && (
        <p>
          {say('Начислится позже', 'To be credited later')}: {showMoney(pending)}
        </p>
      )}
      <PostForm action={action} token={token} class="actions">
        {[...sums, ...terms, 'mayOwe', 'comment'].map((name) => (
          <input type="hidden" name={name} value={form.get(name) ?? ''} />
        ))}
        <button type="submit">{say('Провести документ', 'Post the document')}</button>
      </PostForm>
    </>
  );
}

async function make(call: PageCall, path: string, sort: DocumentSort, isDryRun: boolean): Promise<PageReply> {
  const { infobase, now, form, say, params } = call;
  const number = params.number ?? '';
  const texts: Partial<Record<DocumentField, string>> = { card: number };
  for (const name of [...sums, ...terms]) {
    const text = (form.get(name) ?? '').trim();
    if (text !== '') texts[name] = text;
  }
  const { row, mistakes: unread } = readDocumentRow(1, texts);
  if (row === undefined) return showForm(call, { path, sort, ...sortMistakes(call, unread) });
  const mayOwe = form.get('mayOwe') === 'yes';
  const comment = (form.get('comment') ?? '').trim() || null;
  const outcome = await makeDocument(infobase, now, { sort, rows: [row], comment, mayOwe }, isDryRun);
  if (outcome.ok) {
    const [line] = outcome.lines;
    if (isDryRun && line !== undefined) return showForm(call, { path, sort, mistakes: {}, line });
    return goTo(
      `cards/${encodeURIComponent(number)}`,
      `${say('Проведён документ', 'Posted')}: ${outcome.document ?? ''}`,
    );
  }
  if (outcome.why !== null) return showForm(call, { path, sort, mistakes: {}, problem: wordWhole(call, outcome.why) });
  return showForm(call, { path, sort, ...sortMistakes(call, outcome.mistakes) });
}

function wordWhole({ say }: PageCall, why: string): string {
  return why.includes('not in stage billing')
    ? say('Такие документы есть только при включённом биллинге.', 'These documents are for stage billing only.')
    : why;
}

interface Mistake {
  readonly field: DocumentField | null;
  readonly why: string;
}

/** Each beside its field; what is wrong with the row as a whole above the form. */
function sortMistakes({ say }: PageCall, found: readonly Mistake[]): Pick<Shown, 'mistakes' | 'problem'> {
  const mistakes: Record<string, string> = {};
  let problem: string | undefined;
  for (const { field, why } of found) {
    if (field === null || field === 'card') problem = field === null ? say('Укажите сумму больше нуля.', why) : why;
    else if (field === 'bonus' || field === 'accumulation') mistakes[field] = wordSum(say, why);
    else mistakes[field] = why;
  }
  return problem === undefined ? { mistakes } : { mistakes, problem };
}

function wordSum(say: PageCall['say'], why: string): string {
  return why.startsWith('expected') ? say('Нужна сумма в рублях, например 12,50.', why) : why;
}
