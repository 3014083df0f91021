// What the reversal of an import will take back, and the question before it.
import type { ReverseImportOutcome } from '../../operations/opening/reverse-import.ts';
import type { PageCall } from '../page.ts';
import { FormProblem, InputField, PostForm } from '../parts/form.tsx';
import { Table } from '../parts/table.tsx';
import { Tiles } from '../parts/tiles.tsx';
import { showCount, showMoney } from '../show.ts';
import { CardLink } from '../parts/card-link.tsx';

interface ReverseQuestionProps {
  readonly call: PageCall;
  readonly outcome: ReverseImportOutcome;
  readonly isWrong: boolean;
}

export function ReverseQuestion({ call, outcome, isWrong }: ReverseQuestionProps) {
  const { say, base, token, params, infobase } = call;
  if (!outcome.ok) {
    return (
      <>
        <p class="notice problem" role="alert">
          {say('Отменить нельзя', 'It cannot be reversed')}: {outcome.why}.
        </p>
        {outcome.cards.length > 0 && (
          <Table
            caption={say('Карты, которые не позволяют', 'Cards that do not allow it')}
            columns={[
              {
                title: say('Карта', 'Card'),
                show: ({ cardNumber }) => <CardLink base={base} number={cardNumber} />,
                isHead: true,
              },
              { title: say('Почему', 'Why'), show: ({ why }) => why },
            ]}
            rows={outcome.cards}
            none=""
          />
        )}
      </>
    );
  }
  const { reversed, reversal } = outcome;
  return (
    <>
      <p>
        {say(
          `Файл ${reversed.fileName}. Остатки этой загрузки будут сняты обратным документом:`,
          `File ${reversed.fileName}. A document takes the sums of this import back:`,
        )}
      </p>
      <Tiles
        tiles={[
          { title: say('Карт', 'Cards'), figure: showCount(reversal.cards) },
          { title: say('Бонусы', 'Bonus'), figure: showMoney(reversal.bonus) },
          { title: say('Накопление', 'Accumulation'), figure: showMoney(reversal.accumulation) },
          { title: say('Чеки', 'Receipts'), figure: showCount(reversal.receipts) },
        ]}
      />
      <PostForm action={`${base}/import/${params.number ?? ''}/reverse`} token={token}>
        <FormProblem
          text={
            isWrong ? say('Имя базы не совпало: ничего не сделано.', 'The name differs: nothing was done.') : undefined
          }
        />
        <InputField
          name="name"
          label={say(`Введите имя базы: ${infobase.name}`, `Type the name of the infobase: ${infobase.name}`)}
          autocomplete="off"
          isRequired
        />
        <div class="actions">
          <button type="submit" class="danger">
            {say('Отменить загрузку', 'Reverse the import')}
          </button>
          <a class="button second" href={`${base}/import`}>
            {say('Не отменять', 'Keep it')}
          </a>
        </div>
      </PostForm>
    </>
  );
}
