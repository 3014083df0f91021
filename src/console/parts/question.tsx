// The page before an act that takes something away: what it takes, a button that names it, and the way back.
import type { ComponentChildren } from 'preact';
import type { PageCall } from '../page.ts';
import { PostForm } from './form.tsx';

interface QuestionProps {
  readonly call: Pick<PageCall, 'say' | 'base' | 'token'>;
  /** Under the infobase's address: where the answer is sent, and where "no" leads. */
  readonly action: string;
  readonly back: string;
  readonly button: string;
  readonly children: ComponentChildren;
}

export function Question({ call: { say, base, token }, action, back, button, children }: QuestionProps) {
  return (
    <PostForm action={`${base}/${action}`} token={token}>
      {children}
      <p class="actions">
        <button type="submit" class="danger">
          {button}
        </button>
        <a href={`${base}/${back}`}>{say('Отмена', 'Cancel')}</a>
      </p>
    </PostForm>
  );
}
